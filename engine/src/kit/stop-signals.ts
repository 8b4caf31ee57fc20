import type { Clock } from './clock.ts';

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const signals: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A person presses Ctrl-C again when he does not want to wait; npm's copy of the first one comes within milliseconds. */
const sameWishMs = 1000;

export interface StopSignalOptions {
  readonly source: {
    on(signal: Signal, listener: (signal: Signal) => void): unknown;
    off(signal: Signal, listener: (signal: Signal) => void): unknown;
  };
  readonly clock: Pick<Clock, 'now'>;
  /** Called once, at the first signal. */
  readonly stop: (signal: Signal) => void;
  /** Called when somebody insists: at a signal more than a second after the first. */
  readonly hurry: (signal: Signal) => void;
}

/**
 * Tells one wish to stop from a second one. A Ctrl-C at a terminal reaches every process of the foreground, and npm
 * sends it to its child once more, so a single key press may arrive twice. Returns how to listen no longer.
 */
export function onStopSignals({ source, clock, stop, hurry }: StopSignalOptions): () => void {
  let firstMs: number | undefined;

  function heard(signal: Signal): void {
    const nowMs = clock.now().getTime();
    if (firstMs === undefined) {
      firstMs = nowMs;
      stop(signal);
    } else if (nowMs - firstMs > sameWishMs) {
      hurry(signal);
    }
  }

  for (const signal of signals) source.on(signal, heard);
  return function listenNoLonger() {
    for (const signal of signals) source.off(signal, heard);
  };
}
