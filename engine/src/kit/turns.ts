/** Work under the same key is done one after the other, in the order in which it came. */
export function createTurns() {
  const lasts = new Map<string, Promise<unknown>>();

  return {
    take<T>(key: string, work: () => Promise<T>): Promise<T> {
      const turn = (lasts.get(key) ?? Promise.resolve()).then(work);
      const last: Promise<unknown> = turn
        .catch(() => undefined)
        .finally(() => {
          if (lasts.get(key) === last) lasts.delete(key);
        });
      lasts.set(key, last);
      return turn;
    },
  };
}

/** At most `openMax` are under way; the others wait, in the order in which they came. */
export function createGate(openMax: number) {
  const waiting: (() => void)[] = [];
  let open = 0;

  return async function pass<T>(work: () => Promise<T>): Promise<T> {
    if (open < openMax) open++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else open--;
    }
  };
}
