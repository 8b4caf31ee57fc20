import { z } from 'zod';

/** Sums over the sessions of one kind and exposure; `kind` is empty where nothing was shown. */
export interface EffectRow {
  readonly kind: string;
  /**
   * `shown`; `control`: the control group, and nothing stood there; `bystander`: nothing stood there, not in the control
   * group; `mixed`: in the control group, and yet shown what stood there for others.
   */
  readonly exposure: 'shown' | 'control' | 'bystander' | 'mixed';
  readonly sessions: number;
  readonly touchedSessions: number;
  readonly dwellSeconds: number;
  /** Of ln(1 + x), because a few sessions are a thousand times as long as most. */
  readonly dwellLogSum: number;
  readonly dwellLogSquares: number;
  readonly commands: number;
  readonly commandsLogSum: number;
  readonly commandsLogSquares: number;
}

const Interval = z.object({ low: z.number(), high: z.number() });

const Comparison = z.object({
  shown_mean: z.number(),
  control_mean: z.number().nullable(),
  ratio: z.number().nullable().describe('Of the geometric means of 1 + x, shown to control'),
  ratio_95: Interval.nullable(),
  says: z.enum(['more', 'less', 'no difference seen', 'not enough data']),
});

export const KindEffect = z.object({
  kind: z.string(),
  sessions: z.number().int().describe('That were shown it, in the period'),
  touched_sessions: z.number().int().describe('That used a lure of it before they ended'),
  touched_share: z.number().nullable(),
  touched_share_95: Interval.nullable(),
  touched_lures: z.number().int().describe('Lures of it that were used by anybody, later too'),
  dwell_seconds: Comparison,
  commands: Comparison,
});
export type KindEffect = Readonly<z.infer<typeof KindEffect>>;

export const EffectReport = z.object({
  since: z.string(),
  control_share: z.number(),
  control_sessions: z.number().int().describe('Of the control group, where nothing stood: what is compared with'),
  bystander_sessions: z.number().int(),
  mixed_sessions: z.number().int().describe('Of the control group, yet shown what stood for others: left out'),
  sessions_needed: z.number().int().describe('On each side, before anything is said'),
  kinds: z.array(KindEffect),
});
export type EffectReport = Readonly<z.infer<typeof EffectReport>>;

export const EffectQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(3650).default(30).describe('How far back'),
});
