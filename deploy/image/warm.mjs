// Run while the image is built, in the place where the engine will run: makes what it would make at each start, since a
// container with a read-only root has nowhere to keep that. Also proves that every module can be loaded.
import { readdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('node_modules/.cache/cerberusmesh', import.meta.url));
enableCompileCache(cache);

const commands = new URL('engine/src/commands/', import.meta.url);
for (const name of readdirSync(commands)) await import(new URL(name, commands).href);

const { loadOrigins } = await import('./engine/src/assess/origin/load-origins.js');
const policyFolder = fileURLToPath(new URL('policy', import.meta.url));
await loadOrigins({ cacheDirs: [cache], policyFolder, ownNetworks: [], cityDatabase: null });
