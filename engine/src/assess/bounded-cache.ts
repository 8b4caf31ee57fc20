/** Keeps the latest `max` answers; the least recently used goes first. Keys come from outside, so a Map and no object. */
export interface BoundedCache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  readonly size: number;
}

export function createBoundedCache<V>(max: number): BoundedCache<V> {
  const entries = new Map<string, V>();
  return {
    get size() {
      return entries.size;
    },
    get(key) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      // A Map keeps the order of insertion, so taking an entry out and in again makes it the youngest.
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key, value) {
      entries.set(key, value);
      if (entries.size <= max) return;
      const eldest = entries.keys().next();
      if (!eldest.done) entries.delete(eldest.value);
    },
  };
}

const keptCharactersMax = 4_096;

/** The kept answer for `text`, or a fresh one. Longer texts are answered but not kept, so that a cache stays small whatever is typed. */
export function remembered<V>(cache: BoundedCache<V>, text: string, make: () => V): V {
  if (text.length > keptCharactersMax) return make();
  const known = cache.get(text);
  if (known !== undefined) return known;
  const fresh = make();
  cache.set(text, fresh);
  return fresh;
}
