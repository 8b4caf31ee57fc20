import { join } from 'node:path';
import type { LocateOrigin } from '@cerberusmesh/contract/origin';
import { loadOrigins } from '../assess/origin/load-origins.ts';
import type { Config } from '../config.ts';
import { projectDir } from './project.ts';

/** The configured origins. About 0.1 s, and once per version of the package some seconds to make its table. */
export async function openOrigins({ state, enrichment }: Pick<Config, 'state' | 'enrichment'>): Promise<LocateOrigin> {
  return await loadOrigins({
    // Beside Node's compile cache, and not in the shared temporary folder, where another user could prepare it.
    cacheDirs: [join(projectDir, 'node_modules', '.cache', 'cerberusmesh'), join(state.dir, 'cache')],
    policyFolder: join(projectDir, 'policy'),
    ownNetworks: enrichment.ownNetworks,
    cityDatabase: enrichment.cityDatabase,
  });
}
