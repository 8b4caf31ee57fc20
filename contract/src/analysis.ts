import { z } from 'zod';
import { Score } from './assessment.ts';
import { DecisionKind } from './decision.ts';

/** What the analyst may say it saw; a closed list, so that no sentence of an attacker fits into it. */
export const BehavioralPattern = z.enum([
  'account_manipulation',
  'automated_scanning',
  'brute_force',
  'cloud_credential_search',
  'command_and_control',
  'container_escape',
  'credential_dumping',
  'credential_stuffing',
  'cryptomining',
  'data_destruction',
  'data_exfiltration',
  'defense_evasion',
  'denial_of_service',
  'discovery',
  'dropper',
  'exploitation',
  'lateral_movement',
  'malware_download',
  'persistence',
  'privilege_escalation',
  'prompt_injection',
  'proxy_abuse',
  'reconnaissance',
  'reverse_shell',
  'spam_relay',
  'ssh_key_planting',
  'valid_accounts',
  'none',
]);
export type BehavioralPattern = z.infer<typeof BehavioralPattern>;

export const AttackSophistication = z.enum([
  'automated',
  'scripted',
  'automated_with_human_oversight',
  'human_operated',
  'advanced',
  'unknown',
]);

/** The first seed's response format, exactly its eight keys; anything else is refused. */
export const AnalystReading = z.strictObject({
  threat_score: Score,
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  behavioral_patterns: z.array(BehavioralPattern).max(10),
  attack_sophistication: AttackSophistication,
  recommended_action: DecisionKind,
  confidence: Score,
  /** Plain text; cites events of the session by their ids in square brackets. */
  reasoning: z.string().min(1).max(2000),
  /** Each is a text that occurs in the session. Never acted on. */
  indicators_of_compromise: z.array(z.string().min(1).max(200)).max(20),
});
export type AnalystReading = Readonly<z.infer<typeof AnalystReading>>;

/** `read` has a reading; `refused` the model's answer broke a rule; `skipped` the model was not asked, or not in time. */
export const AnalysisStatus = z.enum(['read', 'refused', 'skipped']);
export type AnalysisStatus = z.infer<typeof AnalysisStatus>;

/** What became of one session at the analyst's. */
export const AnalysisRecord = z.object({
  id: z.string(),
  session_id: z.string(),
  sensor: z.string(),
  source_ip: z.string().nullable(),
  status: AnalysisStatus,
  reading: AnalystReading.nullable(),
  citations: z.array(z.string()).describe('Ids of events of this session that the reasoning points at'),
  why: z.string().describe('Why it was refused or skipped, or what its reading changed'),
  threat_score_before: z.number().describe('Of the rules and models, which it can only raise'),
  threat_score_after: z.number().describe('What decide heard'),
  recommendation: z
    .enum(['followed', 'not_allowed', 'none'])
    .describe('not_allowed: no policy rule takes this recommendation for this session'),
  reused: z.boolean().describe('True where the reading of a session with the same content was taken again'),
  provider: z.string(),
  model: z.string(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  took_ms: z.number(),
  analysed_at: z.string(),
});
export type AnalysisRecord = Readonly<z.infer<typeof AnalysisRecord>>;

/** `off` without a key or URL; `resting` after failures; `over_budget` until the hour or day is over. */
export const AnalystState = z.enum(['off', 'ready', 'resting', 'over_budget']);
export type AnalystState = z.infer<typeof AnalystState>;

/** What /status tells of the analyst. */
export const AnalystStatus = z.object({
  state: AnalystState,
  why: z.string(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  requests_this_hour: z.number(),
  requests_this_day: z.number(),
  tokens_this_hour: z.number(),
  tokens_this_day: z.number(),
  budget: z
    .object({
      requests_per_hour: z.number(),
      requests_per_day: z.number(),
      tokens_per_hour: z.number(),
      tokens_per_day: z.number(),
    })
    .nullable()
    .describe('Null without a language model'),
});
export type AnalystStatus = Readonly<z.infer<typeof AnalystStatus>>;
