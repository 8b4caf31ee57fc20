import type { Clock } from '../../kit/clock.ts';
import { askText, type ReputationProvider } from './provider.ts';

const listBytesMax = 64 * 1024 * 1024;
const refreshHours = 6;
const hashForm = /^"?([0-9a-f]{64})\b/i;

/** A list of SHA-256 of bad files, one at the beginning of each line: MalwareBazaar's exports, and most others. */
export function createHashList(options: {
  readonly url: string;
  readonly clock: Pick<Clock, 'now'>;
}): ReputationProvider {
  let list: { readonly hashes: ReadonlySet<string>; readonly fetchedMs: number } | undefined;
  return {
    name: 'hash-list',
    // The list is fetched whole, so a question costs nobody anything.
    dailyMax: Number.POSITIVE_INFINITY,
    keepHours: refreshHours,
    async ask(sha256, signal) {
      const nowMs = options.clock.now().getTime();
      if (list === undefined || nowMs - list.fetchedMs > refreshHours * 3_600_000) {
        const text = await askText(options.url, { Accept: 'text/plain' }, signal, { bytesMax: listBytesMax });
        list = { hashes: parseHashList(text), fetchedMs: nowMs };
      }
      return list.hashes.has(sha256.toLowerCase())
        ? { score: 1, says: 'It is on the configured list of bad files.' }
        : { score: null, says: 'It is not on the configured list of files.' };
    },
  };
}

/** Lines that begin with no hash are passed over. */
export function parseHashList(text: string): ReadonlySet<string> {
  const hashes = new Set<string>();
  for (const line of text.split('\n')) {
    const hash = hashForm.exec(line.trimStart())?.[1];
    if (hash !== undefined) hashes.add(hash.toLowerCase());
  }
  return hashes;
}
