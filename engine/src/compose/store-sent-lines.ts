import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import { type Database, isDatabaseAway, isWorthRetrying } from '../store/database.ts';
import { findPosition } from '../store/sources.ts';

/** Another process that stores the same events at the same time is seen after one look; more tries than this are a fault. */
const triesMax = 3;

export interface StoredCounts {
  readonly stored: number;
  readonly duplicate: number;
  readonly parked: number;
}

/**
 * Stores lines for somebody who waits for the answer and can send them again; `askAgain` tells him how where the database is
 * away (DATABASE_AWAY). One body at a time: more would only hold more in memory, and what was sent twice, because an answer
 * was lost, must find the position of the first.
 */
export function createStoreSentLines(parts: {
  readonly database: Pick<Database, 'pool'>;
  readonly pipeline: Pick<Pipeline, 'onLines'>;
  readonly askAgain: string;
}) {
  const { database, pipeline, askAgain } = parts;
  let last: Promise<unknown> = Promise.resolve();

  return {
    inTurn<T>(work: () => Promise<T>): Promise<T> {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },

    findPosition: (sourceId: string): Promise<unknown> => orAway(() => findPosition(database.pool, sourceId)),

    /** What was stored before something fails stays stored, and `onStored` was told of it. */
    async store(
      batches: Iterable<LineBatch>,
      source: SourceIdentity,
      onStored: (report: BatchReport) => void,
    ): Promise<StoredCounts> {
      const sum = { stored: 0, duplicate: 0, parked: 0 };
      for (const batch of batches) {
        const report = await orAway(() => insist(batch, source));
        sum.stored += report.stored;
        sum.duplicate += report.duplicate;
        sum.parked += report.parked;
        onStored(report);
      }
      return sum;
    },
  };

  async function insist(batch: LineBatch, source: SourceIdentity): Promise<BatchReport> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await pipeline.onLines(batch, source);
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
