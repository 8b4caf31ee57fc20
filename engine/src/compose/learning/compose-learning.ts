import type { Assess, AssessAhead } from '@cerberusmesh/contract/between-stages';
import type { Decision } from '@cerberusmesh/contract/decision';
import type { Registry } from 'prom-client';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import { createNormalize } from '../../normalize/normalize.ts';
import type { LiveBus } from '../../serve/live/bus.ts';
import type { LearningDesk } from '../../serve/routes/learning.ts';
import { askMlService } from '../ask-ml-service.ts';
import type { OpenDatabase } from '../open-database.ts';
import { type CurrentModels, createCurrentModels } from './current-models.ts';
import { createGiveFeedback } from './give-feedback.ts';
import { createLearningDesk } from './learning-desk.ts';
import type { ReassessedPage } from './reassess-page.ts';
import { createReassessor } from './reassessor.ts';
import { createTrainer } from './trainer.ts';
import { createDriftWatch } from './watch-drift.ts';
import { createWithdrawFeedback } from './withdraw-feedback.ts';

export interface Learning {
  /** With the version that is in use at the moment. */
  readonly assess: Assess;
  /** What the version in use tells of a session that is under way, for decide. */
  readonly soFar: CurrentModels['soFar'];
  /** Where a service assesses instead. */
  readonly assessAhead: AssessAhead | undefined;
  /** For the API. */
  readonly desk: LearningDesk;
  /** The lanes: pings of the service, the look for a promoted version, drift, and the walk over events that wait. */
  run(parts: LearningLanes, signal: AbortSignal): Promise<void>;
}

export interface LearningLanes {
  readonly decide: (changes: ReassessedPage['changes']) => readonly Decision[];
  readonly forgetSessions: () => void;
  readonly decided: (decisions: readonly Decision[]) => void;
}

/** Everything of the models that a running engine needs: who assesses, what is assessed again, and how they learn. */
export async function composeLearning(options: {
  readonly config: Config;
  readonly database: OpenDatabase;
  readonly registry: Registry;
  readonly bus: Pick<LiveBus, 'publish'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}): Promise<Learning> {
  const { config, database, registry, bus, clock, log } = options;
  const timeZone = config.cowrie.timezone;
  const stateDir = config.state.dir;
  const { pool } = database;
  const models = createCurrentModels({ pool, stateDir, clock, log });
  await models.refresh();
  let wake: () => void = () => undefined;
  let forgetSessions: () => void = () => undefined;
  const service = askMlService({ config, clock, log, onBack: () => wake() });
  const normalize = createNormalize(timeZone === 'UTC' ? {} : { timeZone });
  const drift = createDriftWatch({ pool, models, clock, registry });
  const trainer = createTrainer({
    ...{ database, stateDir, timeZone, clock },
    changed: (training) => bus.publish({ type: 'training', training }),
    promoted: () => void models.refresh().catch(() => undefined),
  });
  const feedback = { database, normalize, written: () => forgetSessions() };
  const giveFeedback = createGiveFeedback(feedback);
  const withdrawFeedback = createWithdrawFeedback(feedback);

  return {
    assess: models.assess,
    soFar: models.soFar,
    assessAhead: service?.assessAhead,
    desk: createLearningDesk({
      ...{ database, models, drift, trainer, giveFeedback, withdrawFeedback, clock },
      wake: () => wake(),
    }),
    async run(lanes, signal) {
      forgetSessions = lanes.forgetSessions;
      const reassessor = createReassessor({
        ...{ database, clock, log, normalize },
        assess: models.assess,
        assessAhead: service?.assessAhead,
        isAway: () => service?.isAway() ?? false,
        failed: (eventId, error) => log.error({ err: error, event: eventId }, 'A stored event could not be assessed.'),
        decide: lanes.decide,
        written(decisions) {
          lanes.forgetSessions();
          lanes.decided(decisions);
        },
      });
      wake = reassessor.wake;
      await Promise.all([service?.run(signal), models.run(signal), drift.run(signal), reassessor.run(signal)]);
      await trainer.close();
    },
  };
}
