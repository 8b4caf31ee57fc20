import { join } from 'node:path';
import { readPersonas } from '../act/cowrie/persona/description.ts';
import { loadCatalogue } from '../assess/attack/catalogue.ts';
import { readAttackTypes } from '../assess/attack-type.ts';
import { injectionTechnique } from '../assess/injection/label-injection.ts';
import type { KnownNames } from '../decide/unknown-names.ts';
import { projectDir } from './project.ts';

/** What a policy's names may mean, as this program comes. @throws CerberusError BAD_CONFIGURATION or MODEL_UNUSABLE */
export async function readKnownNames(): Promise<KnownNames> {
  const { techniqueIds } = loadCatalogue(join(projectDir, 'policy', 'attack', 'catalogue.json'));
  return {
    machines: (await readPersonas()).map(({ id }) => id),
    attackTypes: readAttackTypes(join(projectDir, 'models', 'attack-type.json')),
    techniques: new Set([...techniqueIds, injectionTechnique]),
  };
}
