import { loadVisitJudge } from '../../assess/load-visit-judge.ts';
import type { VisitJudge } from '../../assess/visit/judge-visit.ts';
import { findCurrentVersion, shippedVersion } from '../../store/learning/models.ts';
import { openModelFolder, shippedFolder } from './model-folder.ts';

/**
 * The judge of whole visits of the version in use, asked for before each batch. A version that cannot be loaded leaves the
 * one before; the process that stores events tells of it.
 */
export function createCurrentVisits(
  pool: Parameters<typeof findCurrentVersion>[0],
  stateDir: string,
): () => Promise<VisitJudge> {
  let looked = shippedVersion;
  let current = loadVisitJudge(shippedFolder);

  return async function currentVisits() {
    const version = await findCurrentVersion(pool);
    if (version === looked) return current;
    looked = version;
    current = await openModelFolder(pool, stateDir, version).then(loadVisitJudge, () => current);
    return current;
  };
}
