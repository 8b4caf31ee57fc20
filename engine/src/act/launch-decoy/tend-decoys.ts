import { untilAborted } from '../deadline.ts';
import type { DecoyDriver, DecoyPlace, DecoyPlan } from './driver.ts';

export interface StandingDecoy {
  readonly plan: DecoyPlan;
  readonly place: DecoyPlace | undefined;
  /** False while it is being brought up or ended. */
  readonly isUp: boolean;
}

/** Named events of decoys that nobody asked about. */
export interface DecoyLog {
  orphanRemoved(decoy: { driver: string; sensor: string }): void;
  notTended(driver: string, error: unknown): void;
}

/** One that hangs must not keep others, nor what is over, from being looked after. */
const driverSecondsMax = 120;

/**
 * For the start and for now and then: starts again what has ended (a reboot ends a process), and removes what no action
 * stands for: the work of a process that was killed before it could write it down, or of a database that is gone.
 */
export async function tendDecoys(
  drivers: readonly DecoyDriver[],
  readStanding: () => Promise<readonly StandingDecoy[]>,
  log: DecoyLog,
  signal: AbortSignal,
): Promise<void> {
  for (const driver of drivers) {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(driverSecondsMax * 1000)]);
    try {
      await untilAborted(tend(driver, inTime), inTime);
    } catch (error) {
      log.notTended(driver.name, error);
    }
  }

  async function tend(driver: DecoyDriver, signal: AbortSignal): Promise<void> {
    if ((await driver.check()) !== undefined) return;
    // What exists is asked for first: whatever is launched meanwhile is then not taken for an orphan.
    const found = await driver.list(signal);
    const standing = (await readStanding()).filter(({ plan }) => plan.driver === driver.name);
    const known = new Set(standing.map(({ plan }) => plan.id));
    for (const decoy of found.filter(({ id }) => !known.has(id))) {
      await driver.end(decoy, signal);
      await driver.remove(decoy, signal);
      log.orphanRemoved({ driver: driver.name, sensor: decoy.sensor });
    }
    for (const { plan, isUp } of standing) if (isUp) await driver.up(plan, signal);
  }
}
