import type { Fetch } from './guarded-fetch.ts';

export interface FetchBudgetOptions {
  /** By all visitors together; a decoy is no tool to flood others with. */
  readonly perMinuteMax: number;
  /** The same URL is fetched once in this time. */
  readonly rememberMs: number;
  readonly now: () => number;
}

const rememberedMax = 200;

/** Fetches seldom: an answer is remembered, and beyond so many a minute there is none. */
export function createFetchBudget(fetch: Fetch, { perMinuteMax, rememberMs, now }: FetchBudgetOptions): Fetch {
  const answers = new Map<string, { atMs: number; answer: Promise<Uint8Array | null> }>();
  let begunMs: number[] = [];

  return async function fetchWithin(url) {
    const known = answers.get(url);
    if (known && now() - known.atMs < rememberMs) return await known.answer;
    begunMs = begunMs.filter((atMs) => now() - atMs < 60_000);
    if (begunMs.length >= perMinuteMax) return null;
    begunMs.push(now());
    const answer = fetch(url);
    answers.delete(url);
    answers.set(url, { atMs: now(), answer });
    for (const oldest of answers.keys()) if (answers.size > rememberedMax) answers.delete(oldest);
    return await answer;
  };
}
