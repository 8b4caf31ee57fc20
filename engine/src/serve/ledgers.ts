import type { SourceLedger } from '@cerberusmesh/contract/api-sources';
import type { WatchedSource } from './health.ts';

/** A source as the database knows it. */
export interface StoredLedger {
  readonly source_id: string;
  readonly kind: string;
  readonly place: string;
  /** Counted from the source's offsets. */
  readonly bytes_read: number;
  /** These two are counted from lines. */
  readonly bytes_stored: number;
  readonly bytes_parked: number;
  readonly bytes_duplicate: number;
  /** Never read, and counted neither from offsets nor from lines. */
  readonly bytes_lost: number;
  readonly lines_stored: number;
  readonly lines_duplicate: number;
  readonly lines_parked: number;
  readonly last_event_at: string | null;
  readonly updated_at: string;
}

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
