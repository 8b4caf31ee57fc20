import { join } from 'node:path';
import type { Assess, AssessAhead } from '@cerberusmesh/contract/between-stages';
import type { Decision } from '@cerberusmesh/contract/decision';
import { loadAssess } from '../../assess/load-assess.ts';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import { createNormalize } from '../../normalize/normalize.ts';
import type { Database } from '../../store/database.ts';
import { askMlService } from '../ask-ml-service.ts';
import { projectDir } from '../project.ts';
import type { ReassessedPage } from './reassess-page.ts';
import { createReassessor } from './reassessor.ts';

export interface Learning {
  /** With the version that is in use at the moment. */
  readonly assess: Assess;
  /** Where a service assesses instead. */
  readonly assessAhead: AssessAhead | undefined;
  /** The lanes: pings of the service, and the walk over events that wait for a model. */
  run(parts: LearningLanes, signal: AbortSignal): Promise<void>;
}

export interface LearningLanes {
  readonly decide: (changes: ReassessedPage['changes']) => readonly Decision[];
  readonly forgetSessions: () => void;
  readonly decided: (decisions: readonly Decision[]) => void;
}

/** Everything of the models that a running engine needs: who assesses, and what is assessed again. */
export function composeLearning(options: {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}): Learning {
  const { config, database, clock, log } = options;
  const assess = loadAssess({ modelsFolder: join(projectDir, 'models'), policyFolder: join(projectDir, 'policy') });
  let wake: () => void = () => undefined;
  const service = askMlService({ config, clock, log, onBack: () => wake() });
  const { timezone } = config.cowrie;

  return {
    assess,
    assessAhead: service?.assessAhead,
    async run(lanes, signal) {
      const reassessor = createReassessor({
        ...{ database, clock, log, assess },
        assessAhead: service?.assessAhead,
        isAway: () => service?.isAway() ?? false,
        normalize: createNormalize(timezone === 'UTC' ? {} : { timeZone: timezone }),
        failed: (eventId, error) => log.error({ err: error, event: eventId }, 'A stored event could not be assessed.'),
        decide: lanes.decide,
        written(decisions) {
          lanes.forgetSessions();
          lanes.decided(decisions);
        },
      });
      wake = reassessor.wake;
      await Promise.all([service?.run(signal), reassessor.run(signal)]);
    },
  };
}
