import type { SourceLedger, StoredLedger } from '@cerberusmesh/contract/api-sources';
import type { WatchedSource } from './health.ts';

/** Joins what is stored with what this process sees of the source now. */
export function createLedgers(
  listSources: () => Promise<StoredLedger[]>,
  watchedSources: () => readonly WatchedSource[],
): () => Promise<SourceLedger[]> {
  return async function ledgers() {
    const stored = await listSources();
    const watched = new Map(watchedSources().map((source) => [source.sourceId, source]));
    return stored.map((source) => toLedger(source, watched.get(source.source_id)));
  };
}

function toLedger({ bytes_read, ...stored }: StoredLedger, watched: WatchedSource | undefined): SourceLedger {
  const bytesUnread = watched?.lagBytes ?? 0;
  return {
    ...stored,
    bytes_seen: bytes_read + bytesUnread + stored.bytes_lost,
    bytes_unread: bytesUnread,
    active: watched?.active ?? false,
    waiting: watched?.isWaiting ?? false,
    problem: watched?.problem ?? null,
    balanced: bytes_read === stored.bytes_stored + stored.bytes_parked,
  };
}
