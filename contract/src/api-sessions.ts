import { z } from 'zod';
import { Flag, page, paging, period, queryText } from './api.ts';
import { EventSummary, SeverityList } from './api-events.ts';
import { searchText } from './api-search.ts';
import { sessionFields } from './search-fields.ts';

export const SessionQuery = z.strictObject({
  q: searchText(sessionFields).optional(),
  severity: SeverityList.optional(),
  source_ip: queryText(255).optional(),
  sensor: queryText(255).optional(),
  active: Flag.optional().describe('true: only open ones, false: only ended ones'),
  successful_login: Flag.optional(),
  include_probe: Flag.optional(),
  ...period,
  ...paging,
});
export type SessionQuery = Readonly<z.infer<typeof SessionQuery>>;

export const SessionOrigin = z.object({
  country: z.string().nullable(),
  asn: z.number().nullable(),
  as_name: z.string().nullable(),
  network: z.string().nullable(),
  scanner: z.string().nullable(),
  reputation: z.number().nullable(),
});

export const SessionSummary = z.object({
  id: z.string(),
  session_id: z.string(),
  sensor: z.string(),
  source_ip: z.string().nullable(),
  protocol: z.string().nullable(),
  start_time: z.string(),
  last_event_time: z.string(),
  end_time: z.string().nullable(),
  event_count: z.number(),
  command_count: z.number(),
  successful_login: z.boolean(),
  is_active: z.boolean(),
  is_probe: z.boolean(),
  severity: z.string(),
  threat_score: z.number(),
  techniques: z.array(z.string()),
  client_version: z.string().nullable(),
  hassh: z.string().nullable(),
  actor: z
    .enum(['script', 'human'])
    .nullable()
    .describe('Told when it is over; null before, and where too little was typed'),
  actor_score: z.number().nullable().describe('0 script … 1 human'),
  anomaly_score: z
    .number()
    .nullable()
    .describe('0 a visit as every day … 1 unlike any in training; null before it is over'),
  novelty: z.number().nullable().describe('How surprising its statements are in their order, 0 to 1'),
  origin: SessionOrigin.nullable().describe('Where its address is; null where nothing is known of it'),
  /** What an open session typed last, shortened; null where it ended or typed nothing. */
  last_command: z.string().nullable(),
});
export type SessionSummary = Readonly<z.infer<typeof SessionSummary>>;

export const SessionPage = page(SessionSummary);

export const SessionTimelineQuery = z.strictObject({
  /** Two sensors may give the same session id; the newest is meant unless this is set. */
  sensor: queryText(255).optional(),
  ...paging,
});

/** An event with the words that gave its techniques away: characters of the command, end exclusive. */
export const TimelineEvent = EventSummary.extend({
  findings: z.array(
    z.object({
      id: z.string(),
      why: z.string(),
      span: z.object({ start: z.number(), end: z.number() }).optional(),
    }),
  ),
});
export type TimelineEvent = Readonly<z.infer<typeof TimelineEvent>>;

/** A session and its events, oldest first. */
export const SessionDetails = SessionSummary.extend({
  anomaly_why: z
    .string()
    .nullable()
    .describe(
      'What makes it unlike: each trait, with the anomaly score it would have with a usual one; null below 0.8',
    ),
  novelty_why: z
    .string()
    .nullable()
    .describe('What of it was never seen, and the most surprising statement; null where all of it was seen'),
  timeline: page(TimelineEvent),
});
export type SessionDetails = Readonly<z.infer<typeof SessionDetails>>;
