import type { FeedStep, RawLine } from '@cerberusmesh/contract/raw-line';
import type { FeedPart } from './entry.ts';
import type { TakenEntry } from './take-parts.ts';

/** Parts that follow on what is stored, as one batch. */
export interface HandfulOfParts {
  readonly source: FeedPart['source'];
  readonly lines: readonly RawLine[];
  readonly readBytes: number;
  readonly feed: FeedStep;
  /** To be dropped when it is stored. */
  readonly entries: readonly TakenEntry[];
}

interface Waiting {
  readonly entry: TakenEntry;
  readonly part: FeedPart;
  readonly sinceMs: number;
}

interface Lane {
  /** The latest part that is stored, or on its way; undefined until it was asked for. */
  reached: number | undefined;
  readonly waiting: Map<number, Waiting>;
}

/** One that nothing leads to: its ingest has died, and whoever took over has read its lines anew. */
const gapLifeMs = 600_000;
const feedsMax = 20_000;

/**
 * What a worker holds: parts come in any order and more than once (after a flush, from the owner before), and go out in
 * the order of their numbers, each once.
 */
export function createHand(options: { readonly nowMs: () => number; readonly batchBytesMax: number }) {
  const { nowMs, batchBytesMax } = options;
  const feeds = new Map<string, Map<number, Lane>>();
  /** What does not open, and the same part once more. */
  let useless: TakenEntry[] = [];

  return {
    add(entries: readonly TakenEntry[]): void {
      for (const entry of entries) {
        const { part } = entry;
        const waiting = part && laneOf(part.feedId, entry.partition).waiting;
        if (part === undefined || waiting === undefined || waiting.has(part.part)) useless.push(entry);
        else waiting.set(part.part, { entry, part, sinceMs: nowMs() });
      }
      if (feeds.size > feedsMax) forgetIdle();
    },

    /** Feeds of which it is not known how far they are stored. */
    unknown: (): string[] =>
      [...feeds].filter(([, lanes]) => [...lanes.values()].some(isUnknown)).map(([feedId]) => feedId),

    /** How far these feeds are stored; a partition that is not named has nothing stored. */
    know(
      feedIds: readonly string[],
      positions: readonly { feedId: string; partition: number; stored: number }[],
    ): void {
      const stored = new Map(positions.map((one) => [`${one.feedId} ${one.partition}`, one.stored]));
      for (const feedId of feedIds) {
        for (const [partition, lane] of feeds.get(feedId) ?? [])
          lane.reached ??= stored.get(`${feedId} ${partition}`) ?? 0;
      }
    },

    /** Entries that are stored, and could not be dropped. */
    keep(entries: readonly TakenEntry[]): void {
      useless.push(...entries);
    },

    /** Entries that are of no use: stored before, or waiting in vain. */
    takeStale(): TakenEntry[] {
      const stale = useless;
      useless = [];
      for (const lane of lanes()) {
        for (const [part, { entry, sinceMs }] of lane.waiting) {
          if (part > (lane.reached ?? 0) && nowMs() - sinceMs < gapLifeMs) continue;
          stale.push(entry);
          lane.waiting.delete(part);
        }
      }
      return stale;
    },

    /** The next batch, which counts as on its way from here on; undefined where nothing follows on what is stored. */
    takeNext(): HandfulOfParts | undefined {
      for (const [feedId, lanesOfFeed] of feeds) {
        const taken = takeFrom(feedId, lanesOfFeed);
        if (taken === undefined) continue;
        // To the end of the line: others have their turn first.
        feeds.delete(feedId);
        feeds.set(feedId, lanesOfFeed);
        return taken;
      }
      return undefined;
    },

    /** Of partitions that are lost, or all: what is held, and what was believed of how far they are stored. */
    forget(partition?: number): void {
      useless = [];
      if (partition === undefined) feeds.clear();
      else for (const lanesOfFeed of feeds.values()) lanesOfFeed.delete(partition);
    },
  };

  function takeFrom(feedId: string, lanesOfFeed: ReadonlyMap<number, Lane>): HandfulOfParts | undefined {
    const taken: Waiting[] = [];
    const steps: { partition: number; from: number; to: number }[] = [];
    let bytes = 0;
    for (const [partition, lane] of lanesOfFeed) {
      const from = lane.reached;
      if (from === undefined || bytes >= batchBytesMax) continue;
      let to = from;
      for (let next = lane.waiting.get(to + 1); next && bytes < batchBytesMax; next = lane.waiting.get(to + 1)) {
        lane.waiting.delete(++to);
        taken.push(next);
        bytes += next.part.readBytes;
      }
      lane.reached = to;
      if (to > from) steps.push({ partition, from, to });
    }
    const [first] = taken;
    if (first === undefined) return undefined;
    return {
      source: first.part.source,
      lines: taken.flatMap(({ part }) => part.lines),
      readBytes: taken.reduce((sum, { part }) => sum + part.readBytes, 0),
      feed: { feedId, steps },
      entries: taken.map(({ entry }) => entry),
    };
  }

  function laneOf(feedId: string, partition: number): Lane {
    let lanesOfFeed = feeds.get(feedId);
    if (lanesOfFeed === undefined) {
      lanesOfFeed = new Map();
      feeds.set(feedId, lanesOfFeed);
    }
    let lane = lanesOfFeed.get(partition);
    if (lane === undefined) {
      lane = { reached: undefined, waiting: new Map() };
      lanesOfFeed.set(partition, lane);
    }
    return lane;
  }

  function* lanes(): Generator<Lane> {
    for (const lanesOfFeed of feeds.values()) yield* lanesOfFeed.values();
  }

  function forgetIdle(): void {
    for (const [feedId, lanesOfFeed] of feeds)
      if ([...lanesOfFeed.values()].every(({ waiting }) => waiting.size === 0)) feeds.delete(feedId);
  }
}

function isUnknown({ reached }: Lane): boolean {
  return reached === undefined;
}
