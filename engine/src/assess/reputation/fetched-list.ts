import type { Clock } from '../../kit/clock.ts';
import { askText, type ReputationProvider } from './provider.ts';

const refreshHours = 6;

/** A provider that is one text: fetched whole, so that a question costs nobody anything, and anew every six hours. */
export function createFetchedList(options: {
  readonly name: string;
  readonly url: string;
  readonly bytesMax: number;
  readonly clock: Pick<Clock, 'now'>;
  /** What tells whether something is on the list. */
  readonly parse: (text: string) => (asked: string) => boolean;
  readonly says: { readonly listed: string; readonly unlisted: string };
}): ReputationProvider {
  const { name, url, bytesMax, clock, parse, says } = options;
  let list: { readonly isListed: (asked: string) => boolean; readonly fetchedMs: number } | undefined;
  return {
    name,
    dailyMax: Number.POSITIVE_INFINITY,
    keepHours: refreshHours,
    async ask(asked, signal) {
      const nowMs = clock.now().getTime();
      if (list === undefined || nowMs - list.fetchedMs > refreshHours * 3_600_000) {
        list = {
          isListed: parse(await askText(url, { Accept: 'text/plain' }, signal, { bytesMax })),
          fetchedMs: nowMs,
        };
      }
      return list.isListed(asked) ? { score: 1, says: says.listed } : { score: null, says: says.unlisted };
    },
  };
}
