import { CerberusError } from '@cerberusmesh/contract/errors';
import { eventIdFloor } from '@cerberusmesh/contract/event-id';
import type { ModelVersion, ModelVersionDetails } from '@cerberusmesh/contract/models';
import { readCards } from '../../assess/train/relearn/relearn.ts';
import type { Clock } from '../../kit/clock.ts';
import type { LearningDesk } from '../../serve/routes/learning.ts';
import { appendAudit } from '../../store/audit.ts';
import type { Database } from '../../store/database.ts';
import { listFeedback } from '../../store/learning/feedback.ts';
import { findModel, listModels, promote, rollBack, shippedVersion } from '../../store/learning/models.ts';
import { listReassessments, startReassessment } from '../../store/learning/reassessments.ts';
import { listTrainings } from '../../store/learning/trainings.ts';
import type { CurrentModels } from './current-models.ts';
import type { createGiveFeedback } from './give-feedback.ts';
import { shippedFolder } from './model-folder.ts';
import type { Trainer } from './trainer.ts';
import type { DriftWatch } from './watch-drift.ts';
import type { createWithdrawFeedback } from './withdraw-feedback.ts';

const shownMax = 20;
const dayMs = 86_400_000;

/** What the API's routes ask of the models. */
export function createLearningDesk(parts: {
  readonly database: Database;
  readonly models: CurrentModels;
  readonly drift: DriftWatch;
  readonly trainer: Trainer;
  readonly giveFeedback: ReturnType<typeof createGiveFeedback>;
  readonly withdrawFeedback: ReturnType<typeof createWithdrawFeedback>;
  readonly clock: Pick<Clock, 'now'>;
  /** There is something to assess again. */
  readonly wake: () => void;
}): LearningDesk {
  const { database, models, drift, trainer, giveFeedback, withdrawFeedback, clock } = parts;
  const { pool } = database;

  return {
    giveFeedback,
    withdrawFeedback,
    listFeedback: (query) => listFeedback(pool, query),
    findVersion,
    async report() {
      const [trained, trainings, reassessments, driftReport] = await Promise.all([
        listModels(pool),
        listTrainings(pool, shownMax),
        listReassessments(pool, shownMax),
        drift.report(),
      ]);
      const isShipped = !trained.some(({ current }) => current);
      const versions = [...trained, { ...shipped, current: isShipped }];
      const current = await findVersion(versions.find((version) => version.current)?.version ?? shippedVersion);
      return { current: { ...current, current: true }, versions, drift: driftReport, trainings, reassessments };
    },
    async train(request, by) {
      const { started, ended } = await trainer.start({ days: request.days ?? null, promote: request.promote, by });
      // What becomes of it is in its row.
      ended.catch(() => undefined);
      return started;
    },
    async promote(version, by) {
      await promote(database, version, by);
      await models.refresh();
      return await findVersion(version);
    },
    async rollBack(by) {
      const version = await rollBack(database, by);
      await models.refresh();
      return await findVersion(version);
    },
    async reassess({ days }, by) {
      const nowMs = clock.now().getTime();
      const [fromId, toId] = [eventIdFloor(nowMs - days * dayMs), eventIdFloor(nowMs)];
      const id = await database.transaction(async (client) => {
        const started = await startReassessment(client, { cause: 'asked', fromId, toId, by });
        await appendAudit(client, { actor: by, action: 'events.reassess', subject: started, details: { days } });
        return started;
      });
      parts.wake();
      const record = (await listReassessments(pool, shownMax)).find((one) => one.id === id);
      if (record === undefined) throw new Error('The row of a reassessment is gone.');
      return record;
    },
  };

  async function findVersion(version: string): Promise<ModelVersionDetails> {
    const isCurrent = models.version() === version;
    if (version === shippedVersion)
      return { ...shipped, current: isCurrent, cards: readCards(shippedFolder).map(({ card }) => card) };
    const found = await findModel(pool, version);
    if (found === undefined) throw new CerberusError('NOT_FOUND', `There is no model version ${version}.`);
    return found;
  }
}

const shipped: ModelVersion = {
  version: shippedVersion,
  parent: null,
  current: true,
  created_at: null,
  created_by: 'comes with the program',
  promoted_at: null,
  events: 0,
  feedback: 0,
  from: null,
  to: null,
  why: 'Version 0.',
  comparisons: [],
};
