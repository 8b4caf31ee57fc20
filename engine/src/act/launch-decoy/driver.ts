import type { DecoyDriverName } from '@cerberusmesh/contract/launch-decoy';
import { z } from 'zod';

/** A decoy as it was thought out, before anything was touched. Its name is the sensor's name in its log. */
export const DecoyPlan = z.object({
  driver: z.string(),
  /** Of the action: the label by which it is found again. */
  id: z.string(),
  sensor: z.string(),
  /** What visitors see. */
  hostname: z.string(),
  /** Where it listens; 0 where the driver cannot choose. */
  port: z.number(),
});
export type DecoyPlan = Readonly<z.infer<typeof DecoyPlan>>;

/** Where a decoy that is up is reached, and where its log is read. */
export const DecoyPlace = z.object({
  host: z.string(),
  port: z.number(),
  /** Null where the log cannot be read from here. */
  logPath: z.string().nullable(),
  /** The prepared Cowrie's folder, so that adaptations work there too. */
  cowrieDir: z.string().nullable(),
  credentials: z.object({ username: z.string(), password: z.string() }),
});
export type DecoyPlace = Readonly<z.infer<typeof DecoyPlace>>;

/** One way to bring a decoy up. Everything it makes carries the plan's id, so that it is found again without our table. */
export interface DecoyDriver {
  readonly name: DecoyDriverName;
  /** A sentence where this cannot be used; touches nothing. */
  check(): Promise<string | undefined>;
  /** A port that is free now and in nobody's plan; 0 where that is not ours to choose. */
  choosePort(taken: ReadonlySet<number>): Promise<number>;
  /** Can be repeated: what of this plan stands is left, what is missing is made, what has ended is started. */
  up(plan: DecoyPlan, signal: AbortSignal): Promise<DecoyPlace>;
  /** Ends it; its log is complete when this returns. Can be repeated. */
  end(plan: Pick<DecoyPlan, 'id' | 'sensor'>, signal: AbortSignal): Promise<void>;
  /** Removes what is left of it. Can be repeated. */
  remove(plan: Pick<DecoyPlan, 'id' | 'sensor'>, signal: AbortSignal): Promise<void>;
  /** All decoys of this installation that this driver finds, whoever remembers them. */
  list(signal: AbortSignal): Promise<readonly Pick<DecoyPlan, 'id' | 'sensor'>[]>;
}
