import { z } from 'zod';
import { AnalystState, AnalystStatus } from './analysis.ts';

/** Open to everybody, so it says no address, path, user or version of anything but ourselves. */
export const HealthReport = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  timestamp: z.string(),
  database: z.enum(['connected', 'disconnected']),
  /** Active when at least one source is being read. */
  logWatcher: z.enum(['active', 'inactive']),
  sources: z.array(
    z.object({
      sensor: z.string().nullable(),
      kind: z.string(),
      active: z.boolean(),
      waiting: z
        .boolean()
        .describe('Not there yet, and nobody said that it is: read as soon as it is, and no fault until then'),
      lagBytes: z.number().nullable(),
      lastEventAgeSeconds: z.number().nullable(),
    }),
  ),
  /** The language model; without one the rules and models decide alone. */
  analyst: AnalystState,
  version: z.string(),
  uptimeSeconds: z.number(),
});
export type HealthReport = Readonly<z.infer<typeof HealthReport>>;

/** Figures since the start of this process unless said otherwise; null where nothing has been measured yet. */
export const RealtimeFigures = z.object({
  events_processed_per_minute: z.number().describe('Stored in the last 60 seconds'),
  decision_latency_ms: z
    .object({ p50: z.number(), p95: z.number(), p99: z.number() })
    .nullable()
    .describe('From a decision being made to its being stored, with the batch that brought it about; the last 1000'),
  action_success_rate: z.number().nullable().describe('Share of the adaptations of 30 days that took hold'),
  false_positive_rate: z
    .number()
    .nullable()
    .describe('Share of the adaptations of 30 days that a person took back as a false alarm'),
  cache_hit_ratio: z.number().nullable().describe('Sessions found in memory'),
  events_total: z.number(),
  lines_parked_total: z.number(),
  live_clients: z.number(),
});
export type RealtimeFigures = Readonly<z.infer<typeof RealtimeFigures>>;

export const StatusReport = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  version: z.string(),
  started_at: z.string(),
  uptime_seconds: z.number(),
  roles: z.array(z.string()),
  dry_run: z.boolean(),
  auto_adaptation: z.boolean(),
  model_version: z.string().nullable(),
  policy_version: z.string().nullable(),
  memory_bytes: z.number(),
  analyst: AnalystStatus,
  jobs_waiting: z.number().nullable(),
  jobs_failed: z.number().nullable(),
  sensors: z.array(
    z.object({
      sensor: z.string(),
      kind: z.string(),
      prepared: z.boolean(),
      last_seen: z.string().nullable(),
    }),
  ),
});
export type StatusReport = Readonly<z.infer<typeof StatusReport>>;
