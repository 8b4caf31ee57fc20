import type { Clock } from '../../kit/clock.ts';
import { createFetchedList } from './fetched-list.ts';
import type { ReputationProvider } from './provider.ts';

const listBytesMax = 64 * 1024 * 1024;
const hashForm = /^"?([0-9a-f]{64})\b/i;

/** A list of SHA-256 of bad files, one at the beginning of each line: MalwareBazaar's exports, and most others. */
export function createHashList(options: {
  readonly url: string;
  readonly clock: Pick<Clock, 'now'>;
}): ReputationProvider {
  return createFetchedList({
    ...options,
    name: 'hash-list',
    bytesMax: listBytesMax,
    parse(text) {
      const hashes = parseHashList(text);
      return (sha256) => hashes.has(sha256.toLowerCase());
    },
    says: {
      listed: 'It is on the configured list of bad files.',
      unlisted: 'It is not on the configured list of files.',
    },
  });
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
