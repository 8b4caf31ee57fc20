import { join } from 'node:path';
import { loadActorModel } from './actor-model.ts';
import { loadScorer } from './anomaly-scorer.ts';
import { loadCredentials } from './credential-model.ts';
import { loadSequenceModel } from './sequence-model.ts';
import { createVisitJudge, type VisitJudge } from './visit/judge-visit.ts';

/** Builds the judge of whole sessions from the folder of a version. Throws where a file is missing or damaged. */
export function loadVisitJudge(modelsFolder: string): VisitJudge {
  return createVisitJudge({
    humanChance: loadActorModel(join(modelsFolder, 'actor.json')),
    sequence: loadSequenceModel(join(modelsFolder, 'sequence.json')),
    visitAnomaly: loadScorer(join(modelsFolder, 'visit-anomaly.json')),
    credentials: loadCredentials(join(modelsFolder, 'credentials.json')),
  });
}
