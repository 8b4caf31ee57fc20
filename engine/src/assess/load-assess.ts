import { join } from 'node:path';
import type { Assess } from '@cerberusmesh/contract/between-stages';
import { loadAnomalyModel } from './anomaly-model.ts';
import { createAssess } from './assess.ts';
import { loadRules } from './attack/load-rules.ts';
import { loadAttackTypeModel } from './attack-type.ts';
import { loadCredentials } from './credential-model.ts';
import { loadSeverityModel } from './severity-model.ts';

/** Builds the assess stage from the folders `models/` and `policy/attack/`. Throws where a file is missing or damaged. */
export function loadAssess({ modelsFolder, policyFolder }: { modelsFolder: string; policyFolder: string }): Assess {
  return createAssess({
    severityModel: loadSeverityModel(join(modelsFolder, 'severity.json')),
    attackTypeModel: loadAttackTypeModel(join(modelsFolder, 'attack-type.json')),
    anomalyModel: loadAnomalyModel(join(modelsFolder, 'anomaly.json')),
    credentials: loadCredentials(join(modelsFolder, 'credentials.json')),
    rules: loadRules(join(policyFolder, 'attack')),
  });
}
