import { systemClock } from '../kit/clock.ts';
import { onStopSignals } from '../kit/stop-signals.ts';

/**
 * Lets a server go on until Ctrl-C, SIGTERM, or its own end, and then stops it; a second signal does not wait for that.
 * @throws what `running` rejects with, once it is stopped
 */
export async function untilStopped({
  running,
  stop,
}: {
  readonly running?: Promise<unknown>;
  readonly stop: () => Promise<unknown>;
}): Promise<void> {
  const asked = Promise.withResolvers<void>();
  const listenNoLonger = onStopSignals({
    source: process,
    clock: systemClock,
    stop: () => asked.resolve(),
    hurry: () => process.exit(1),
  });
  try {
    await Promise.race(running === undefined ? [asked.promise] : [asked.promise, running]);
  } finally {
    await stop();
    listenNoLonger();
  }
}
