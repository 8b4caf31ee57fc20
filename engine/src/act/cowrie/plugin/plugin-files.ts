import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../../../../sensors/cowrie/plugin', import.meta.url));

/** Our plugin by its path below the overlay folder; empty for a Cowrie that it was not tried with. */
export async function pluginFilesFor(cowrieVersion: string | null): Promise<ReadonlyMap<string, Uint8Array>> {
  const triedWith = /"([\d.]+)"/g;
  const versions = [...(await readFile(join(source, 'cowrie/cerberus/__init__.py'), 'utf8')).matchAll(triedWith)];
  if (!versions.some(([, version]) => version === cowrieVersion)) return new Map();
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.py'));
  const files = paths.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [`plugin/${relative(source, path)}`, await readFile(path)] as const;
  });
  return new Map(await Promise.all(files));
}
