import { z } from 'zod';
import { Flag, page, paging, queryText } from './api.ts';
import { searchText } from './api-search.ts';
import { SessionSummary } from './api-sessions.ts';
import { attackerFields } from './search-fields.ts';
import { ThreatLevel } from './severity.ts';

export const AttackerSort = z.enum(['threat', 'events', 'recent']);
export type AttackerSort = z.infer<typeof AttackerSort>;

export const AttackerQuery = z.strictObject({
  q: searchText(attackerFields).optional(),
  sort: AttackerSort.default('threat'),
  threat_level: ThreatLevel.optional(),
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .transform((code) => code.toUpperCase())
    .optional()
    .describe('ISO 3166-1, two letters'),
  asn: z.coerce.number().int().positive().max(4_294_967_295).optional().describe('Number of an autonomous system'),
  scanner: Flag.optional().describe('true: only known research scanners; false: all but them'),
  ...paging,
});
export type AttackerQuery = Readonly<z.infer<typeof AttackerQuery>>;

export const Attacker = z.object({
  id: z.string(),
  ip_address: z.string(),
  threat_level: z.string(),
  threat_score: z.number(),
  total_events: z.number(),
  total_sessions: z.number(),
  high_severity_count: z.number(),
  successful_logins: z.number(),
  most_common_username: z.string().nullable(),
  unique_passwords_count: z.number(),
  country: z.string().nullable(),
  city: z.string().nullable(),
  asn: z.number().nullable(),
  as_name: z.string().nullable(),
  /** `private`, `loopback` …, or one of the user's own networks. */
  network: z.string().nullable(),
  /** A research scanner that says where it scans from. */
  scanner: z.string().nullable(),
  /** 0 harmless to 1 known bad, as told by reputation providers; null where none was asked or none knew. */
  reputation: z.number().nullable(),
  first_seen: z.string(),
  last_seen: z.string(),
});
export type Attacker = Readonly<z.infer<typeof Attacker>>;

export const AttackerPage = page(Attacker);

export const AttackerDetails = Attacker.extend({
  usernames: z.array(z.object({ username: z.string(), attempts: z.number() })),
  /** The newest ten. */
  sessions: z.array(SessionSummary),
});
export type AttackerDetails = Readonly<z.infer<typeof AttackerDetails>>;

export const CommandQuery = z.strictObject({ ...paging });
export const CommandCount = z.object({
  command: z.string(),
  shortened: z.boolean(),
  severity: z.string(),
  events: z.number(),
  first_seen: z.string(),
  last_seen: z.string(),
});
export type CommandCount = Readonly<z.infer<typeof CommandCount>>;
export const CommandPage = page(CommandCount);

export const CredentialQuery = z.strictObject({ username: queryText(255).optional(), ...paging });
export type CredentialQuery = Readonly<z.infer<typeof CredentialQuery>>;
export const CredentialCount = z.object({
  username: z.string(),
  password: z.string().nullable(),
  shortened: z.boolean(),
  attempts: z.number(),
  successes: z.number(),
  last_seen: z.string(),
});
export type CredentialCount = Readonly<z.infer<typeof CredentialCount>>;
export const CredentialPage = page(CredentialCount);
