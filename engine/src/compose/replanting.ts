import type { ReplantParts } from '../act/rotate-key/replant-lure.ts';
import type { ActionRunner } from '../act/runner.ts';
import { createAdaptationStore } from '../store/adaptations.ts';
import type { Database } from '../store/database.ts';
import { createLureStore } from '../store/lures.ts';

/** Planting a cracked lure anew: the adaptations' own runner does it. */
export function composeReplanting(database: Database, runner: ActionRunner): ReplantParts {
  const lures = createLureStore(database);
  const adaptations = createAdaptationStore(database);
  return {
    findLure: lures.find,
    async rollback(adaptationId) {
      const outcome = await runner.rollback(adaptationId);
      return outcome.kind === 'refused' ? outcome.explanation : undefined;
    },
    async adapt(job, signal) {
      const [outcome] = await runner.run(job, signal);
      if (!outcome) throw new Error('The program was stopped.');
      return outcome;
    },
    findPlanting: adaptations.findByDecision,
  };
}
