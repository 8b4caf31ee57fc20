import type { StoredSeverity, ThreatLevel } from './severity.ts';

/** What may stand behind a field's colon. */
export type SearchKind =
  /** One of `choices`, or several with commas between. */
  | 'choice'
  /** The whole text; `*` stands for anything. Several with commas between. */
  | 'word'
  /** A part of the text, in any case. */
  | 'text'
  /** An address, a network (`203.0.113.0/24`) or a pattern (`203.0.113.*`). */
  | 'network'
  /** An ATT&CK id; `T1059` finds `T1059.004` too. */
  | 'technique'
  /** `5`, `>0.8`, `<=3`, `1..5`. */
  | 'number'
  /** A day or a moment in UTC, or how long ago: `2026-11-01`, `2026-11-01T10:30`, `24h`, `7d`. */
  | 'moment'
  | 'day';

export interface SearchField {
  readonly kind: SearchKind;
  readonly does: string;
  readonly choices?: readonly string[];
}

export type SearchFields = Readonly<Record<string, SearchField>>;

// Said again, and held to the schemas by their types: importing them would bring zod into the dashboard.
const severities = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH'] as const satisfies readonly StoredSeverity[];
const threatLevels = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const satisfies readonly ThreatLevel[];

const period = {
  after: { kind: 'moment', does: 'From then on: a day, a moment (UTC), or how long ago: 24h, 7d' },
  before: { kind: 'moment', does: 'Before then' },
  on: { kind: 'day', does: 'That day (UTC)' },
} as const satisfies SearchFields;

const origin = {
  country: { kind: 'word', does: 'Where the address is from: two letters' },
  asn: { kind: 'number', does: 'Number of its autonomous system' },
} as const satisfies SearchFields;

export const eventFields = {
  severity: { kind: 'choice', does: 'How grave', choices: severities },
  technique: { kind: 'technique', does: 'ATT&CK id; T1059 finds T1059.004 too' },
  ip: { kind: 'network', does: 'Address, network or pattern: 203.0.113.0/24, 203.0.113.*' },
  type: { kind: 'word', does: 'Kind of event: login.failed, cowrie.session.*' },
  command: { kind: 'text', does: 'A part of what was typed' },
  user: { kind: 'word', does: 'User name that was tried; adm* for a beginning' },
  password: { kind: 'word', does: 'Password that was tried' },
  session: { kind: 'word', does: 'Session id of the honeypot' },
  sensor: { kind: 'word', does: 'Who saw it' },
  attack: { kind: 'word', does: 'Attack type, as assessed' },
  score: { kind: 'number', does: 'Threat score, 0 to 1: >0.8, 0.2..0.5' },
  anomaly: { kind: 'number', does: 'Anomaly score, 0 to 1' },
  confidence: { kind: 'number', does: 'Confidence of the severity, 0 to 1' },
  why: { kind: 'text', does: 'A part of the reason for the severity' },
  raw: { kind: 'text', does: 'A part of the event as it came: URLs, hashes, file names; slower' },
  protocol: { kind: 'word', does: 'ssh, telnet …' },
  port: { kind: 'number', does: "The visitor's port" },
  is: { kind: 'choice', does: 'analyzed: a model has seen it', choices: ['analyzed'] },
  ...origin,
  ...period,
} as const satisfies SearchFields;

export const sessionFields = {
  severity: { kind: 'choice', does: 'Of its gravest event', choices: severities },
  technique: { kind: 'technique', does: 'ATT&CK id seen in it' },
  ip: { kind: 'network', does: 'Address, network or pattern' },
  session: { kind: 'word', does: 'Session id of the honeypot' },
  sensor: { kind: 'word', does: 'Who saw it' },
  protocol: { kind: 'word', does: 'ssh, telnet …' },
  client: { kind: 'text', does: 'A part of the client version' },
  hassh: { kind: 'word', does: 'Fingerprint of the SSH client' },
  score: { kind: 'number', does: 'Threat score, 0 to 1' },
  events: { kind: 'number', does: 'How many events it has' },
  commands: { kind: 'number', does: 'How many commands were typed' },
  is: { kind: 'choice', does: 'open: still inside; loggedin: he got in', choices: ['open', 'loggedin'] },
  ...origin,
  ...period,
} as const satisfies SearchFields;

export const attackerFields = {
  level: { kind: 'choice', does: 'Threat level', choices: threatLevels },
  ip: { kind: 'network', does: 'Address, network or pattern' },
  ...origin,
  as: { kind: 'text', does: "A part of the autonomous system's name" },
  scanner: { kind: 'word', does: 'A research scanner; * for any' },
  network: { kind: 'word', does: 'private, loopback …, or one of your own networks' },
  user: { kind: 'word', does: 'The user name he tries most' },
  score: { kind: 'number', does: 'Threat score, 0 to 1' },
  reputation: { kind: 'number', does: 'As told by reputation providers, 0 to 1' },
  events: { kind: 'number', does: 'How many events' },
  sessions: { kind: 'number', does: 'How many sessions' },
  logins: { kind: 'number', does: 'How many logins that succeeded' },
  high: { kind: 'number', does: 'How many HIGH events' },
  after: { kind: 'moment', does: 'Seen last from then on' },
  before: { kind: 'moment', does: 'Seen last before then' },
} as const satisfies SearchFields;

/** The old filters' names for the same things. */
export const searchAliases: ReadonlyMap<string, string> = new Map([
  ['source_ip', 'ip'],
  ['ip_address', 'ip'],
  ['event_type', 'type'],
  ['session_id', 'session'],
  ['username', 'user'],
  ['attack_type', 'attack'],
  ['threat_score', 'score'],
  ['anomaly_score', 'anomaly'],
  ['threat_level', 'level'],
]);
