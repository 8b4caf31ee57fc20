import type { LineBatch, RawLine } from '@cerberusmesh/contract/raw-line';
import type { FeedPosition, StreamEntry } from '@cerberusmesh/contract/stream';
import type { SealBox } from '../../kit/seal-box.ts';
import { sealEntry, splitBatch } from './entry.ts';

/** A part that is not stored yet, as far as this process knows. */
export interface OpenPart {
  readonly feedId: string;
  readonly partition: number;
  readonly part: number;
  readonly bytes: Buffer;
  /** Undefined until Redis has taken it. */
  entryId: string | undefined;
  /** When it was last put or seen there, or is being put. */
  seenMs: number;
}

/** A batch of which every part is stored, and all batches of its feed before it. */
export interface SettledBatch<Waiting> {
  readonly source: StreamEntry['source'];
  readonly batch: LineBatch;
  readonly waiting: Waiting;
  /** What became of its lines, together with that of others that settled at the same time. */
  readonly report: { stored: number; duplicate: number; parked: number; latestEventEpochMs: number | undefined };
}

interface Feed<Waiting> {
  readonly id: string;
  readonly source: StreamEntry['source'];
  readonly begunMs: number;
  /** The latest part of each partition. */
  readonly latest: Map<number, number>;
  /** The latest part of each partition that was seen stored. */
  readonly stored: Map<number, number>;
  readonly open: Map<number, OpenPart[]>;
  readonly batches: { batch: LineBatch; waiting: Waiting; open: Set<OpenPart> }[];
  told: { stored: number; duplicate: number; parked: number };
}

/** The store forgets feeds that rest for a week. */
const feedLifeMs = 86_400_000;

/**
 * What an ingest has put on streams and does not know to be stored: each source is a feed, each batch a part for every
 * partition that it has lines of. Parts are kept with their bytes, so that they can be put again, in order, as the same
 * parts: who has stored one sets it aside.
 */
export function createFeedBook<Waiting>(options: {
  readonly partitionOf: (line: RawLine, sourceId: string) => number;
  readonly box: SealBox;
  readonly newId: () => string;
  readonly nowMs: () => number;
}) {
  const { partitionOf, box, newId, nowMs } = options;
  const bySource = new Map<string, Feed<Waiting>>();
  const byId = new Map<string, Feed<Waiting>>();
  let openBytes = 0;

  return {
    /** Bytes that are kept until they are stored. */
    openBytes: () => openBytes,
    /** Batches of a source that are not settled. */
    depthOf: (sourceId: string) => bySource.get(sourceId)?.batches.length ?? 0,
    feedIds: () => [...byId.values()].filter(({ batches }) => batches.length > 0).map(({ id }) => id),
    openParts: (): OpenPart[] => [...byId.values()].flatMap(({ open }) => [...open.values()].flat()),
    waiting: (): Waiting[] => [...byId.values()].flatMap(({ batches }) => batches.map(({ waiting }) => waiting)),

    /** Makes parts of a batch, to be put in this order. */
    open(batch: LineBatch, source: StreamEntry['source'], waiting: Waiting): OpenPart[] {
      const feed = feedOf(source);
      const parts: OpenPart[] = [];
      for (const [partition, share] of splitBatch(batch, (line) => partitionOf(line, source.sourceId))) {
        const part = (feed.latest.get(partition) ?? 0) + 1;
        feed.latest.set(partition, part);
        const bytes = sealEntry({ feedId: feed.id, part, source, ...share }, partition, box);
        const open = { feedId: feed.id, partition, part, bytes, entryId: undefined, seenMs: nowMs() };
        openBytes += bytes.length;
        feed.open.set(partition, [...(feed.open.get(partition) ?? []), open]);
        parts.push(open);
      }
      feed.batches.push({ batch, waiting, open: new Set(parts) });
      return parts;
    },

    /**
     * Sources of which less is stored than was: the database is an older copy of itself. What was settled since is gone
     * from here, so their open parts lead nowhere.
     */
    setBack(positions: readonly FeedPosition[]): readonly string[] {
      const told = new Map(positions.map(({ feedId, partition, stored }) => [`${feedId} ${partition}`, stored]));
      const isBack = (feed: Feed<Waiting>) =>
        [...feed.stored].some(([partition, stored]) => (told.get(`${feed.id} ${partition}`) ?? 0) < stored);
      return [...byId.values()]
        .filter((feed) => feed.batches.length > 0 && isBack(feed))
        .map((feed) => feed.source.sourceId);
    },

    /** Forgets what is open of a source; what it gives next is a feed of its own. */
    abandon(sourceId: string): Waiting[] {
      const feed = bySource.get(sourceId);
      if (!feed) return [];
      bySource.delete(sourceId);
      byId.delete(feed.id);
      for (const part of [...feed.open.values()].flat()) openBytes -= part.bytes.length;
      return feed.batches.map(({ waiting }) => waiting);
    },

    /** Takes note of what is stored. @returns the batches that are settled by it, in the order of their feeds. */
    settle(positions: readonly FeedPosition[]): SettledBatch<Waiting>[] {
      const told = new Map<string, FeedPosition[]>();
      for (const position of positions) told.set(position.feedId, [...(told.get(position.feedId) ?? []), position]);
      return [...byId.values()].flatMap((feed) => settleFeed(feed, told.get(feed.id) ?? []));
    },
  };

  function feedOf(source: StreamEntry['source']): Feed<Waiting> {
    const known = bySource.get(source.sourceId);
    if (known && (known.batches.length > 0 || nowMs() - known.begunMs < feedLifeMs)) return known;
    if (known) byId.delete(known.id);
    const feed: Feed<Waiting> = {
      ...{ id: newId(), source, begunMs: nowMs(), latest: new Map(), stored: new Map(), open: new Map(), batches: [] },
      told: { stored: 0, duplicate: 0, parked: 0 },
    };
    bySource.set(source.sourceId, feed);
    byId.set(feed.id, feed);
    return feed;
  }

  function settleFeed(feed: Feed<Waiting>, positions: readonly FeedPosition[]): SettledBatch<Waiting>[] {
    for (const { partition, stored } of positions) {
      feed.stored.set(partition, stored);
      const open = feed.open.get(partition) ?? [];
      const done = open.filter(({ part }) => part <= stored);
      if (done.length === 0) continue;
      feed.open.set(partition, open.slice(done.length));
      for (const part of done) {
        openBytes -= part.bytes.length;
        for (const batch of feed.batches) if (batch.open.delete(part)) break;
      }
    }
    const settled: SettledBatch<Waiting>[] = [];
    for (let first = feed.batches[0]; first?.open.size === 0; first = feed.batches[0]) {
      feed.batches.shift();
      const { batch, waiting } = first;
      settled.push({ source: feed.source, batch, waiting, report: nothingTold() });
    }
    const last = settled.at(-1);
    if (last) Object.assign(last.report, tellOf(feed, positions));
    return settled;
  }
}

/** Since it was told last. */
function tellOf<Waiting>(feed: Feed<Waiting>, positions: readonly FeedPosition[]): SettledBatch<Waiting>['report'] {
  const sum = (pick: (position: FeedPosition) => number) => positions.reduce((total, one) => total + pick(one), 0);
  const now = {
    stored: sum((one) => one.linesStored),
    duplicate: sum((one) => one.linesDuplicate),
    parked: sum((one) => one.linesParked),
  };
  const before = feed.told;
  if (positions.length > 0) feed.told = now;
  const latest = Math.max(...positions.map(({ lastEventAt }) => lastEventAt?.getTime() ?? 0), 0);
  if (positions.length === 0) return nothingTold();
  return {
    stored: now.stored - before.stored,
    duplicate: now.duplicate - before.duplicate,
    parked: now.parked - before.parked,
    latestEventEpochMs: latest === 0 ? undefined : latest,
  };
}

function nothingTold() {
  return { stored: 0, duplicate: 0, parked: 0, latestEventEpochMs: undefined as number | undefined };
}
