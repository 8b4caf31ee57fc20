import { z } from 'zod';
import { Flag, page, paging, period, queryText } from './api.ts';
import { searchText } from './api-search.ts';
import { eventFields } from './search-fields.ts';
import { StoredSeverity } from './severity.ts';

/** One severity, or several with commas between: `HIGH,MEDIUM`. */
export const SeverityList = z
  .string()
  .max(64)
  .transform((text) => text.toUpperCase().split(','))
  .pipe(z.array(StoredSeverity).max(StoredSeverity.options.length));

export const EventQuery = z.strictObject({
  q: searchText(eventFields).optional(),
  severity: SeverityList.optional().describe('UNKNOWN, LOW, MEDIUM, HIGH; several with commas between'),
  source_ip: queryText(255).optional(),
  event_type: queryText(255).optional(),
  type: queryText(255).optional().describe('The same as event_type'),
  session_id: queryText(255).optional(),
  sensor: queryText(255).optional(),
  include_probe: Flag.optional().describe("true: also our own probe's visits"),
  ...period,
  ...paging,
});
export type EventQuery = Readonly<z.infer<typeof EventQuery>>;

/** Lists and live messages show at most this much of a command; GET /api/events/:id has it whole. */
export const commandShownMax = 2000;
export const credentialShownMax = 256;

/** An event as lists and live messages show it: long texts are cut, so that a page of a thousand stays small. */
export const EventSummary = z.object({
  id: z.string(),
  event_type: z.string(),
  timestamp: z.string(),
  sensor: z.string(),
  session_id: z.string().nullable(),
  protocol: z.string().nullable(),
  source_ip: z.string().nullable(),
  source_port: z.number().nullable(),
  command: z.string().nullable(),
  /** True where `command`, `username` or `password` is only the beginning. */
  shortened: z.boolean(),
  username: z.string().nullable(),
  password: z.string().nullable(),
  severity: z.string(),
  threat_score: z.number().nullable(),
  anomaly_score: z.number().nullable(),
  attack_type: z.string().nullable(),
  confidence: z.number().nullable(),
  techniques: z.array(z.string()),
  why: z.string().nullable(),
  is_analyzed: z.boolean(),
  is_probe: z.boolean(),
});
export type EventSummary = Readonly<z.infer<typeof EventSummary>>;

export const EventPage = page(EventSummary).extend({
  /** Only of a search: it came back to this moment when its time ended. The next page goes on from there. */
  searched_to: z.string().optional(),
});
export type EventPage = Readonly<z.infer<typeof EventPage>>;

/** The session that an event belongs to, as far as an event's page needs it. */
export const SessionContext = z.object({
  id: z.string(),
  session_id: z.string(),
  start_time: z.string(),
  end_time: z.string().nullable(),
  event_count: z.number(),
  command_count: z.number(),
  successful_login: z.boolean(),
  is_active: z.boolean(),
  severity: z.string(),
  client_version: z.string().nullable(),
});

export const EventDetails = EventSummary.extend({
  assessment: z.unknown(),
  raw_event: z.unknown(),
  /** The line as it came, base64; only where `raw_event` cannot say it. */
  raw_bytes: z.string().nullable(),
  session: SessionContext.nullable(),
  /** Up to five events of the same session on either side, in the order they happened. */
  before: z.array(EventSummary),
  after: z.array(EventSummary),
});
export type EventDetails = Readonly<z.infer<typeof EventDetails>>;
