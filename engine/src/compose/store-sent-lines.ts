import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { createGate, createTurns } from '../kit/turns.ts';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import { type Database, isDatabaseAway, isWorthRetrying } from '../store/database.ts';
import { findPosition, isSourceMoved } from '../store/sources.ts';

/** Another process that stores the same events at the same time is seen after one look; more tries than this are a fault. */
const triesMax = 3;
/** The same for another engine that stores of the same sender: it sent a body again while the first was still being stored. */
const movedMax = 5;
/** Bodies that are inflated at once: each has 16 MB at most. */
const openMax = 4;

/** What became of a sender's lines, over all attempts. */
export function createTally(onStored: (report: BatchReport) => void) {
  const sum = { stored: 0, duplicate: 0, parked: 0 };
  return {
    sum,
    count(report: BatchReport): void {
      sum.stored += report.stored;
      sum.duplicate += report.duplicate;
      sum.parked += report.parked;
      onStored(report);
    },
  };
}

/**
 * Stores lines for somebody who waits for the answer and can send them again; `askAgain` tells him how where the database is
 * away (DATABASE_AWAY). A sender's bodies come one after the other: what was sent twice, because an answer was lost, must
 * find the position of the first. Senders take turns batch by batch, so that a body that takes long, which somebody may have
 * made so, holds up its own sender alone.
 */
export function createStoreSentLines(parts: {
  readonly database: Pick<Database, 'pool'>;
  readonly pipeline: Pick<Pipeline, 'onLines'>;
  readonly askAgain: string;
}) {
  const { database, pipeline, askAgain } = parts;
  const ofSender = createTurns();
  const enter = createGate(openMax);
  const write = createGate(1);

  return {
    inTurn: <T>(sender: string, work: () => Promise<T>): Promise<T> => ofSender.take(sender, () => enter(work)),

    /**
     * Calls `work` with where the source stands (null: nowhere), and again where another engine stored of the same sender meanwhile.
     * @throws CerberusError SENDER_BUSY where that goes on.
     */
    async whereItStands<T>({ sourceId, place }: SourceIdentity, work: (position: unknown) => Promise<T>): Promise<T> {
      for (let attempt = 1; ; attempt++) {
        const position = await orAway(() => findPosition(database.pool, sourceId));
        try {
          return await work(position ?? null);
        } catch (error) {
          if (!isSourceMoved(error)) throw error;
          if (attempt === movedMax) throw new CerberusError('SENDER_BUSY', `${place}: ${askAgain}`, error);
        }
      }
    },

    /**
     * Each batch must follow on `from`, where that is told. What was stored before something fails stays stored, and
     * `onStored` was told of it.
     */
    async store(
      batches: Iterable<LineBatch>,
      source: SourceIdentity,
      from: unknown,
      onStored: (report: BatchReport) => void,
    ): Promise<void> {
      let before = from;
      for (const batch of batches) {
        const report = await orAway(() => insist(before === undefined ? batch : { ...batch, from: before }, source));
        if (before !== undefined) before = batch.position;
        onStored(report);
      }
    },
  };

  async function insist(batch: LineBatch, source: SourceIdentity): Promise<BatchReport> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await write(() => pipeline.onLines(batch, source));
      } catch (error) {
        if (attempt === triesMax || isDatabaseAway(error) || !isWorthRetrying(error)) throw error;
      }
    }
  }

  async function orAway<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (isDatabaseAway(cause)) throw new CerberusError('DATABASE_AWAY', askAgain, cause);
      throw cause;
    }
  }
}
