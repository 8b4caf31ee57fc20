import { CerberusError } from '@cerberusmesh/contract/errors';
import type { TrainingRecord } from '@cerberusmesh/contract/models';
import type { Clock } from '../../kit/clock.ts';
import { appendAudit } from '../../store/audit.ts';
import type { Database } from '../../store/database.ts';
import { promote } from '../../store/learning/models.ts';
import { endAbandonedTrainings, endTraining, showTraining, startTraining } from '../../store/learning/trainings.ts';
import { lockKeys, oneAtATime } from '../../store/one-at-a-time.ts';
import { runTrainThread, type TrainOutcome } from './train-thread.ts';

export interface TrainOrder {
  /** Null trains on all that is stored. */
  readonly days: number | null;
  readonly promote: boolean;
  readonly by: string;
}

export interface RunningTraining {
  readonly started: TrainingRecord;
  readonly ended: Promise<TrainingRecord>;
}

export interface Trainer {
  /** Resolves when it has begun. @throws CerberusError CONFLICT where one is under way, here or elsewhere. */
  start(order: TrainOrder): Promise<RunningTraining>;
  /** Stops one that is under way and waits for it. */
  close(): Promise<void>;
}

const dayMs = 86_400_000;
const shownEveryMs = 500;

/** Trains new versions, one at a time in an installation, each with its row that says how far it is and what came of it. */
export function createTrainer(parts: {
  readonly database: Database & { readonly url: string };
  readonly stateDir: string;
  readonly timeZone: string;
  readonly clock: Clock;
  /** Told of each step, when it is stored. */
  readonly changed: (training: TrainingRecord) => void;
  /** Told when a version was taken into use. */
  readonly promoted: () => void;
}): Trainer {
  const { database, clock } = parts;
  const stopping = new AbortController();
  let underWay: Promise<unknown> = Promise.resolve();

  return {
    start(order) {
      const begun = Promise.withResolvers<RunningTraining>();
      underWay = train(order, begun).catch(begun.reject);
      return begun.promise;
    },
    async close() {
      stopping.abort();
      await underWay;
    },
  };

  async function train(order: TrainOrder, begun: PromiseWithResolvers<RunningTraining>): Promise<void> {
    const taken = await oneAtATime(database.pool, lockKeys.train, async () => {
      await endAbandonedTrainings(database.pool);
      const started = await begin(order);
      const ended = Promise.withResolvers<TrainingRecord>();
      begun.resolve({ started, ended: ended.promise });
      ended.promise.catch(() => undefined);
      await carryOut(order, started.id).then(ended.resolve, ended.reject);
      return true;
    });
    if (taken === undefined) throw new CerberusError('CONFLICT', 'A training is under way; wait for its end.');
  }

  async function begin({ days, by }: TrainOrder): Promise<TrainingRecord> {
    return await database.transaction(async (client) => {
      const record = await startTraining(client, days, by);
      await appendAudit(client, { actor: by, action: 'models.train', subject: record.id, details: { days } });
      return record;
    });
  }

  async function carryOut(order: TrainOrder, id: string): Promise<TrainingRecord> {
    const now = clock.now();
    const sinceMs = order.days === null ? 0 : now.getTime() - order.days * dayMs;
    const outcome = await runTrainThread(
      {
        databaseUrl: database.url,
        stateDir: parts.stateDir,
        timeZone: parts.timeZone,
        version: now.toISOString().slice(0, 19).replaceAll(':', '-'),
        by: order.by,
        sinceMs,
      },
      showNowAndThen(id),
      stopping.signal,
    );
    const record = await conclude(order, id, outcome);
    parts.changed(record);
    return record;
  }

  async function conclude(order: TrainOrder, id: string, outcome: TrainOutcome): Promise<TrainingRecord> {
    if (outcome.kind === 'failed') {
      const state = outcome.refused ? 'refused' : 'failed';
      return await endTraining(database.pool, id, { state, version: null, promoted: null, why: outcome.why });
    }
    const { version, passed, why } = outcome.trained;
    const isPromoted = passed && order.promote;
    if (isPromoted) {
      await promote(database, version, order.by);
      parts.promoted();
    }
    return await endTraining(database.pool, id, { state: 'done', version, promoted: isPromoted, why });
  }

  /** Steps come by the thousand; a person sees two a second. */
  function showNowAndThen(id: string): (step: string, done: number) => void {
    let shownMs = 0;
    return (step, done) => {
      const nowMs = clock.now().getTime();
      if (nowMs - shownMs < shownEveryMs) return;
      shownMs = nowMs;
      // Only a picture of what goes on: one that is lost costs nothing.
      void showTraining(database.pool, id, step, done).then(parts.changed, () => undefined);
    };
  }
}
