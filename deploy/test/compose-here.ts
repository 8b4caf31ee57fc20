import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { image } from './build-image.ts';
import { type Composed, readCompose } from './compose.ts';
import { freePort, root, run } from './support.ts';

/** deploy/compose.yaml in a folder of its own, with secrets of its own, as a machine of its own would have it; nothing runs yet. */
export async function composeHere(
  name: string,
  bases: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
): Promise<{ composed: Composed; folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-compose-'));
  for (const path of ['compose.yaml', 'make-secrets.sh', 'cowrie'])
    cpSync(join(root, 'deploy', path), join(folder, path), { recursive: true });
  run('sh', [join(folder, 'make-secrets.sh')]);
  const composed = readCompose(join(folder, 'compose.yaml'), `cerberus-${name}-${process.pid}`, {
    CERBERUS_IMAGE: image,
    POSTGRES_IMAGE: bases.get('postgres:18-bookworm') ?? '',
    REDIS_IMAGE: bases.get('redis:7-bookworm') ?? '',
    COWRIE_IMAGE: bases.get('cowrie/cowrie:latest') ?? '',
    ...(await freePorts('CERBERUS_PAGE', 'CERBERUS_HUB', 'COWRIE_SSH', 'DECOY_SSH', 'DECOY_TELNET', 'DECOY_HTTP')),
    ...env,
  });
  return {
    composed,
    folder,
    remove() {
      composed.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePorts(...names: string[]): Promise<Record<string, string>> {
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, `127.0.0.1:${await freePort()}`] as const)),
  );
}
