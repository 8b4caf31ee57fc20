import { z } from 'zod';

export const HistoryQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(60).default(14) });

const Percentiles = z.object({ p50: z.number(), p95: z.number() });

/** The first seed's historical figures. Days are whole ones in UTC, oldest first; days without anything are left out. */
export const History = z.object({
  /** Attack pattern trends: the busiest techniques, in how many sessions of each day. Counted once an hour. */
  patterns: z.array(
    z.object({
      technique: z.string(),
      name: z.string(),
      sessions: z.number(),
      /** Of the last half of the days against the first: 1 means twice as many; null where there was none before. */
      change: z.number().nullable(),
      days: z.array(z.object({ day: z.string(), sessions: z.number() })),
    }),
  ),
  /** Decision effectiveness: what was decided to be done, and what became of it. */
  decisions: z.array(
    z.object({
      day: z.string(),
      acted: z.number(),
      asked: z.number(),
      verified: z.number(),
      failed: z.number(),
      false_alarms: z.number(),
    }),
  ),
  /** Response time: from what happened to the decision, and from the decision to the probe having seen the adaptation. */
  response: z.array(
    z.object({ day: z.string(), decision_ms: Percentiles.nullable(), verified_ms: Percentiles.nullable() }),
  ),
  /** Resource use: at most 200 points, each the highest of its stretch. */
  resources: z.array(
    z.object({
      at: z.string(),
      memory_bytes: z.number(),
      cpu_share: z.number(),
      database_bytes: z.number(),
      loop_delay_ms: z.number(),
      events_per_minute: z.number(),
    }),
  ),
});
export type History = Readonly<z.infer<typeof History>>;
