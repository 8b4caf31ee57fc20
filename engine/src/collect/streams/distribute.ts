import type { LineBatch, RawLine } from '@cerberusmesh/contract/raw-line';
import type { FeedPosition, StreamEntry } from '@cerberusmesh/contract/stream';
import type { Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import type { RedisLink } from '../../kit/redis-link.ts';
import { backoffMs } from '../../kit/retry.ts';
import type { SealBox } from '../../kit/seal-box.ts';
import { createBell } from './bell.ts';
import { createFeedBook, type OpenPart, type SettledBatch } from './feed-book.ts';
import { partitionOf } from './partition-of.ts';
import { findFirst, isBefore, putParts } from './put-parts.ts';

export interface DistributeParts {
  readonly link: RedisLink;
  readonly partitions: number;
  readonly box: SealBox;
  readonly clock: Clock;
  readonly newId: () => string;
  /** What is stored of these feeds: the database's word, the only one that counts. */
  readonly findStored: (feedIds: readonly string[]) => Promise<readonly FeedPosition[]>;
  /** Keeps the source's own position, after everything before it is stored; from where `from` says, where it says so. */
  readonly keepPosition: (source: StreamEntry['source'], batch: LineBatch) => Promise<void>;
  /** True where a position was not kept because the source does not stand where its reader left it. */
  readonly isMoved: (error: unknown) => boolean;
  /** What `isMoved` is true of, for whoever reads a source of which the database forgot what was stored. */
  readonly movedError: () => Error;
  /** True where the position of a source brings it back to what is not stored: it may read ahead. */
  readonly mayReadAhead: (source: StreamEntry['source']) => boolean;
  /** Told once when it begins to wait, with why; and once when it goes on. */
  readonly onWait: (why: string) => void;
  readonly onGoOn: () => void;
  readonly bounds?: Partial<DistributeBounds>;
}

export interface DistributeBounds {
  /** Of parts that are not stored, all sources together; beyond it sources wait. It is what Redis must have room for. */
  readonly openBytesMax: number;
  /** Batches of one source that may be under way. */
  readonly aheadMax: number;
  /** A part that is not stored after this time is looked for in Redis, and put again where it is gone. */
  readonly lookAfterMs: number;
  /** Where nobody says that something was stored, it is looked up so often. */
  readonly lookEachMs: number;
}

const usualBounds: DistributeBounds = {
  openBytesMax: 32 * 1024 * 1024,
  aheadMax: 8,
  lookAfterMs: 3000,
  lookEachMs: 500,
};
/** Answers of one moment are looked up together. */
const gatherMs = 4;
const backoff = { firstMs: 200, maxMs: 5000 };

type Report = SettledBatch<unknown>['report'];
type Waiting = PromiseWithResolvers<Report>;

/**
 * Puts the lines of sources onto streams, and keeps them until they are stored. Redis only carries them: it may lose
 * everything at any time, and what is lost is put again. A batch is durable, and its position kept, when the database
 * says so.
 */
export function createDistribute(parts: DistributeParts) {
  const { link, partitions, clock, findStored, keepPosition } = parts;
  const bounds = { ...usualBounds, ...parts.bounds };
  const nowMs = () => clock.now().getTime();
  const book = createFeedBook<Waiting>({
    ...{ box: parts.box, newId: parts.newId, nowMs },
    partitionOf: (line: RawLine, sourceId) => partitionOf(line.text, sourceId, partitions),
  });
  const stored = createBell();
  const room = createBell();
  const ahead = new Map<string, Promise<Report>[]>();
  /** Told to whoever read on without having waited for what was open, when he comes with more. */
  const moved = new Map<string, unknown>();
  let problem: string | undefined;
  let isOver = false;

  return {
    /** To be rung when somebody says that something was stored. */
    storedSomewhere: stored.ring,
    /** Undefined while all is well. */
    problem: () => problem,
    openBytes: book.openBytes,

    /** Returns once the batch is stored; of a source that may read ahead, once an earlier one is. */
    async onLines(batch: LineBatch, source: StreamEntry['source']): Promise<Report> {
      while (book.openBytes() >= bounds.openBytesMax && !isOver) await room.wait(bounds.lookEachMs, clock);
      if (isOver) throw new Error('This process ends; what is not stored is read again.');
      throwIfMoved(source.sourceId);
      const waiting = Promise.withResolvers<Report>();
      waiting.promise.catch(() => undefined);
      const open = book.open(batch, source, waiting);
      await put(open);
      if (open.length === 0) stored.ring();
      if (!parts.mayReadAhead(source)) return await waiting.promise;
      const queue = ahead.get(source.sourceId) ?? [];
      ahead.set(source.sourceId, queue);
      queue.push(waiting.promise);
      if (queue.length < bounds.aheadMax) return nothing;
      try {
        return (await queue.shift()) ?? nothing;
      } catch (error) {
        moved.delete(source.sourceId);
        throw error;
      }
    },

    /** Follows what becomes of the parts, until `signal` aborts and a little longer while something is under way. */
    async run(signal: AbortSignal, drainMs: number): Promise<void> {
      const until = untilDrained(signal, drainMs);
      for (let failures = 0; !until.isOver(); ) {
        await stored.wait(bounds.lookEachMs, clock, signal.aborted ? undefined : signal);
        await clock.sleep(gatherMs);
        try {
          await settle();
          await putAgain();
          failures = 0;
          wellAgain();
        } catch (error) {
          waits(reasonOf(error));
          await clock.sleep(backoffMs(failures++, backoff), signal);
        }
      }
      isOver = true;
      room.ring();
      for (const { reject } of book.waiting()) reject(new Error('This process ended before it was stored.'));
    },
  };

  function untilDrained(signal: AbortSignal, drainMs: number) {
    let endMs = Number.POSITIVE_INFINITY;
    const begin = () => {
      endMs = nowMs() + drainMs;
    };
    if (signal.aborted) begin();
    else signal.addEventListener('abort', begin, { once: true });
    return { isOver: () => signal.aborted && (nowMs() >= endMs || book.feedIds().length === 0) };
  }

  async function settle(): Promise<void> {
    const feedIds = book.feedIds();
    if (feedIds.length === 0) return;
    const positions = await findStored(feedIds);
    for (const sourceId of book.setBack(positions)) abandon(sourceId, parts.movedError());
    const settled = book.settle(positions);
    for (const batches of Map.groupBy(settled, ({ source }) => source.sourceId).values()) await keepLast(batches);
    if (settled.length > 0) room.ring();
  }

  /** One source's batches come in order: the last one's position is past all others, and follows on the first one's. */
  async function keepLast(batches: readonly SettledBatch<Waiting>[]): Promise<void> {
    const [first, last] = [batches[0], batches.at(-1)];
    if (!first || !last) return;
    const error = await keepUntilKept(last.source, { ...last.batch, from: first.batch.from });
    if (error !== undefined) abandon(last.source.sourceId, error);
    for (const { waiting, report } of batches) {
      if (error === undefined) waiting.resolve(report);
      else waiting.reject(error);
    }
  }

  /** Its lines are read anew from where the database says; those that workers still store meanwhile are then duplicates. */
  function abandon(sourceId: string, error: unknown): void {
    const waiting = book.abandon(sourceId);
    if (ahead.delete(sourceId)) moved.set(sourceId, error);
    for (const { reject } of waiting) reject(error);
    room.ring();
  }

  function throwIfMoved(sourceId: string): void {
    const error = moved.get(sourceId);
    if (moved.delete(sourceId)) throw error;
  }

  /** What is settled is in the book no more: only here is it known that its position has to move. @returns that somebody else moved it. */
  async function keepUntilKept(source: StreamEntry['source'], batch: LineBatch): Promise<unknown> {
    for (let failures = 0; !isOver; failures++) {
      try {
        await keepPosition(source, batch);
        return undefined;
      } catch (error) {
        if (parts.isMoved(error)) return error;
        waits(reasonOf(error));
        if (failures > 20) return undefined;
        await clock.sleep(backoffMs(failures, backoff));
      }
    }
    return undefined;
  }

  /** Parts that Redis did not take, or has no more while nobody stored them: after a flush, a restart, an eviction. */
  async function putAgain(): Promise<void> {
    const overdue = book.openParts().filter(({ seenMs }) => nowMs() - seenMs >= bounds.lookAfterMs);
    if (overdue.length === 0) return;
    const first = await findFirst(link, partitions, [...new Set(overdue.map(({ partition }) => partition))]);
    for (const part of overdue) if (isGone(part, first.get(part.partition))) part.entryId = undefined;
    // Asked after Redis: whoever takes an entry off its stream has stored it before.
    await settle();
    const stillOpen = new Set(book.openParts());
    const gone = overdue.filter((part) => stillOpen.has(part) && part.entryId === undefined);
    for (const part of overdue) part.seenMs = nowMs();
    await putOrThrow(gone);
  }

  /** Where Redis is away, they are put when it is back. */
  async function put(open: readonly OpenPart[]): Promise<void> {
    await putOrThrow(open).catch((error: unknown) => {
      waits(reasonOf(error));
      for (const part of open) part.seenMs = nowMs() - bounds.lookAfterMs;
    });
  }

  async function putOrThrow(open: readonly OpenPart[]): Promise<void> {
    if (open.length === 0) return;
    const ids = await putParts(link, partitions, open);
    for (const [at, part] of open.entries()) part.entryId = ids[at];
  }

  function waits(why: string): void {
    if (problem === undefined) parts.onWait(why);
    problem = why;
  }

  function wellAgain(): void {
    if (problem === undefined || book.openParts().some(({ entryId }) => entryId === undefined)) return;
    problem = undefined;
    parts.onGoOn();
  }
}

function isGone({ entryId }: OpenPart, first: string | undefined): boolean {
  return entryId === undefined || first === undefined || isBefore(entryId, first);
}

const nothing: Report = { stored: 0, duplicate: 0, parked: 0, latestEventEpochMs: undefined };
