import { join } from 'node:path';
import type { Assess } from '@cerberusmesh/contract/between-stages';
import { loadAnomalyModel } from './anomaly-model.ts';
import { createAssess } from './assess.ts';
import type { AttackRules } from './attack/compile-rules.ts';
import { loadRules } from './attack/load-rules.ts';
import { loadAttackTypeModel } from './attack-type.ts';
import { loadCredentials } from './credential-model.ts';
import { loadSeverityModel, type SeverityModel } from './severity-model.ts';

/**
 * Builds the assess stage from the folders `models/` and `policy/attack/`; whoever has read a part of them already hands it in.
 * Throws where a file is missing or damaged.
 */
export function loadAssess({
  modelsFolder,
  policyFolder,
  severityModel = loadSeverityModel(join(modelsFolder, 'severity.json')),
  rules = loadRules(join(policyFolder, 'attack')),
}: {
  readonly modelsFolder: string;
  readonly policyFolder: string;
  readonly severityModel?: SeverityModel;
  readonly rules?: AttackRules;
}): Assess {
  return createAssess({
    severityModel,
    attackTypeModel: loadAttackTypeModel(join(modelsFolder, 'attack-type.json')),
    anomalyModel: loadAnomalyModel(join(modelsFolder, 'anomaly.json')),
    credentials: loadCredentials(join(modelsFolder, 'credentials.json')),
    rules,
  });
}
