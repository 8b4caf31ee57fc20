import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Database } from '../store/database.ts';
import { addResourceSample, countTechniqueDays } from '../store/resource-samples.ts';

const sampleMs = 5 * 60_000;
const countEachSamples = 12;
/** A timer each, 300 of them in a sample; at 20 ms they were half of what a quiet engine did. */
const delaySampleMs = 1000;

/** Writes down what history tells later and nothing else keeps: what this program used, and the techniques of each day. */
export async function keepHistory(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** Events stored by this process so far. */
  readonly eventsStored: () => Promise<number>;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { database, clock, log, eventsStored, signal } = options;
  const delay = monitorEventLoopDelay({ resolution: delaySampleMs });
  delay.enable();
  let before: { readonly atMs: number; readonly cpu: NodeJS.CpuUsage; readonly events: number } | undefined;
  for (let sample = 0; !signal.aborted; sample++) {
    await round(sample).catch((error: unknown) =>
      log.warn({ err: error }, 'History was not written down; it is tried again in five minutes.'),
    );
    await clock.sleep(sampleMs, signal);
  }
  delay.disable();

  async function round(sample: number): Promise<void> {
    if (sample % countEachSamples === 0) await countTechniqueDays(database.pool);
    const at = clock.now();
    const [cpu, events] = [process.cpuUsage(), await eventsStored()];
    const last = before;
    before = { atMs: at.getTime(), cpu, events };
    // The first has no time before it that a share could be of.
    if (last === undefined) return;
    const elapsedMs = Math.max(1, at.getTime() - last.atMs);
    const cpuMs = (cpu.user + cpu.system - last.cpu.user - last.cpu.system) / 1000;
    await addResourceSample(database.pool, {
      at,
      memoryBytes: process.memoryUsage.rss(),
      cpuShare: cpuMs / elapsedMs,
      // Told from one timer to the next, the time that was asked for included.
      loopDelayMs: Math.max(0, delay.percentile(99) / 1e6 - delaySampleMs),
      eventsPerMinute: ((events - last.events) * 60_000) / elapsedMs,
    });
    delay.reset();
  }
}
