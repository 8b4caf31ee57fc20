import { createHand, type HandfulOfParts } from '../../collect/streams/hand.ts';
import type { TakenEntry, TakeParts } from '../../collect/streams/take-parts.ts';
import type { Clock } from '../../kit/clock.ts';
import { backoffMs } from '../../kit/retry.ts';
import type { AssessedBatch, BatchReport, Pipeline } from '../../pipeline.ts';
import type { PartitionLeases } from '../../store/partition-leases.ts';

export interface WorkParts {
  readonly take: TakeParts;
  readonly leases: PartitionLeases;
  readonly pipeline: Pick<Pipeline, 'assessLines' | 'storeLines' | 'dropLines' | 'forgetSessions'>;
  readonly findStored: (
    feedIds: readonly string[],
  ) => Promise<readonly { feedId: string; partition: number; stored: number }[]>;
  readonly onStored: (report: BatchReport) => void;
  /** True for what passes: Redis or the database away, a partition that another worker has by now. */
  readonly isWorthRetrying: (error: unknown) => boolean;
  readonly onTrouble: (error: unknown) => void;
  /** Told of entries that no key or version of ours opens. */
  readonly onUnreadable: (count: number) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const leaseEachMs = 1000;
const blockMs = 250;
const batchBytesMax = 256 * 1024;
const backoff = { firstMs: 100, maxMs: 5000 };

/**
 * Stores what the streams of this worker's partitions hold, until `signal` aborts. After any trouble it forgets what it
 * believed and begins with what the database says; what was delivered and not stored is delivered again.
 */
export async function work(parts: WorkParts): Promise<void> {
  const { take, leases, pipeline, clock, signal } = parts;
  const hand = createHand({ nowMs: () => clock.now().getTime(), batchBytesMax });
  let mine: ReadonlySet<number> = new Set();
  let leasedMs = Number.NEGATIVE_INFINITY;
  let storing: Promise<void> = Promise.resolve();

  for (let failures = 0; !signal.aborted; ) {
    try {
      await round();
      failures = 0;
    } catch (error) {
      if (!parts.isWorthRetrying(error)) throw error;
      parts.onTrouble(error);
      await startAnew();
      await clock.sleep(backoffMs(failures++, backoff), signal);
    }
  }
  await storing.catch(parts.onTrouble);
  await leases.close();
  take.close();

  async function round(): Promise<void> {
    if (clock.now().getTime() - leasedMs >= leaseEachMs) await shareOut();
    if (mine.size === 0) return await clock.sleep(blockMs, signal);
    await receive(await take.takeNew([...mine], blockMs));
    for (let next = hand.takeNext(); next; next = hand.takeNext()) {
      const assessed = await pipeline.assessLines(toBatch(next), next.source);
      await storing.catch((error: unknown) => {
        pipeline.dropLines(assessed);
        throw error;
      });
      storing = store(next, assessed);
      // Heard when it is awaited.
      storing.catch(() => undefined);
    }
  }

  /** A partition changes hands only when nothing of it is under way here. */
  async function shareOut(): Promise<void> {
    await storing;
    await leases.refresh();
    const owned = new Set(leases.owned());
    const gained = [...owned].filter((partition) => !mine.has(partition));
    for (const partition of mine) if (!owned.has(partition)) hand.forget(partition);
    mine = owned;
    leasedMs = clock.now().getTime();
    if (gained.length === 0) return;
    // Another worker went on with their sessions.
    pipeline.forgetSessions();
    await receive(await take.takeUnstored(gained));
  }

  async function receive(entries: readonly TakenEntry[]): Promise<void> {
    hand.add(entries);
    const unknown = hand.unknown();
    if (unknown.length > 0) hand.know(unknown, await parts.findStored(unknown));
    const unreadable = entries.filter(({ part }) => part === undefined).length;
    if (unreadable > 0) parts.onUnreadable(unreadable);
    await take.drop(hand.takeStale());
  }

  async function store(next: HandfulOfParts, assessed: AssessedBatch): Promise<void> {
    parts.onStored(await pipeline.storeLines(assessed));
    await take.drop(next.entries).catch((error: unknown) => {
      hand.keep(next.entries);
      parts.onTrouble(error);
    });
  }

  async function startAnew(): Promise<void> {
    await storing.catch(() => undefined);
    storing = Promise.resolve();
    hand.forget();
    pipeline.forgetSessions();
    mine = new Set();
    leasedMs = Number.NEGATIVE_INFINITY;
  }
}

function toBatch({ source, lines, readBytes, feed }: HandfulOfParts) {
  return { sourceId: source.sourceId, lines, readBytes, position: undefined, feed };
}
