/** How long a reader waits until it looks by itself, in ms. */
export interface PollPace {
  /** Until the next look, unless something wakes the reader before. */
  nextMs(): number;
  /** A wait is over: something woke the reader, or the time was up. */
  waited(isWoken: boolean): void;
  /** A look found lines. */
  found(): void;
}

/**
 * Looks at a quiet log get rarer, because a wake tells when it is quiet no more. There are file systems that tell nothing
 * (network ones, a mount of another system's folder): where a look finds lines and no wake comes with them, the reader looks
 * as often as at first, until something wakes it.
 */
export function createPollPace(firstMs: number, quietMs: number): PollPace {
  let ms = firstMs;
  let isWoken = true;
  let isUnannounced = false;
  let isBlind = false;
  return { nextMs, waited, found };

  function nextMs(): number {
    // Not when the lines are found: the wake for them may come a moment later.
    isBlind ||= isUnannounced;
    isUnannounced = false;
    return isBlind ? firstMs : ms;
  }

  function waited(woken: boolean): void {
    isWoken = woken;
    if (woken) isBlind = false;
    ms = woken ? firstMs : Math.min(ms * 2, Math.max(firstMs, quietMs));
  }

  function found(): void {
    isUnannounced ||= !isWoken;
    ms = firstMs;
  }
}
