import { join } from 'node:path';
import { loadActorModel } from './actor-model.ts';
import { loadScorer } from './anomaly-scorer.ts';
import { loadCatalogue } from './attack/catalogue.ts';
import { loadRules } from './attack/load-rules.ts';
import { loadAttackTypeModel } from './attack-type.ts';
import { createSessionJudge } from './judge-session.ts';
import { loadKnownShapes } from './known-shapes.ts';
import { loadSequenceModel } from './sequence-model.ts';
import { loadSeverityModel } from './severity-model.ts';
import { loadTacticModel } from './tactic-model.ts';

export interface AssessFolders {
  readonly modelsFolder: string;
  readonly policyFolder: string;
}

/** Builds what `cerberus assess` asks, from the folders `models/` and `policy/`. Throws where a file is missing or damaged. */
export function loadSessionJudge({ modelsFolder, policyFolder }: AssessFolders) {
  const catalogue = loadCatalogue(join(policyFolder, 'attack/catalogue.json'));
  const judgeSession = createSessionJudge({
    severityModel: loadSeverityModel(join(modelsFolder, 'severity.json')),
    attackTypeModel: loadAttackTypeModel(join(modelsFolder, 'attack-type.json')),
    tacticModel: loadTacticModel(join(modelsFolder, 'tactic.json')),
    sessionAnomaly: loadScorer(join(modelsFolder, 'session-anomaly.json')),
    knownShapes: loadKnownShapes(join(modelsFolder, 'known-shapes.json')),
    sequence: loadSequenceModel(join(modelsFolder, 'sequence.json')),
    humanChance: loadActorModel(join(modelsFolder, 'actor.json')),
    rules: loadRules(join(policyFolder, 'attack')),
  });
  return { judgeSession, catalogue };
}
