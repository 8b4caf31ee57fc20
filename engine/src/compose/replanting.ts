import type { Adaptations } from '../act/adaptations.ts';
import type { ReplantParts } from '../act/rotate-key/replant-lure.ts';
import { createAdaptationStore } from '../store/adaptations.ts';
import type { Database } from '../store/database.ts';
import { createLureStore } from '../store/lures.ts';

/** Planting a cracked lure anew is an adaptation like any other. */
export function composeReplanting(database: Database, adaptations: Adaptations): ReplantParts {
  const lures = createLureStore(database);
  const store = createAdaptationStore(database);
  return {
    findLure: lures.find,
    async rollback(adaptationId) {
      const outcome = await adaptations.rollback(adaptationId);
      return outcome.kind === 'refused' ? outcome.explanation : undefined;
    },
    async adapt(job, signal) {
      const [outcome] = await adaptations.run(job, signal);
      if (!outcome) throw new Error('The program was stopped.');
      return outcome;
    },
    findPlanting: (decisionId, type) => store.findByCause(decisionId, 'insert_trap', type),
  };
}
