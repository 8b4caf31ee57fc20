import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { readSetting } from './config-file.ts';
import { configPath } from './manifest.ts';
import { openPreparedCowrie } from './prepared-cowrie.ts';
import type { FileLook } from './probe.ts';

/** What a visitor of this Cowrie should see now: the decoys as they stand on disk. Throws COWRIE_NOT_PREPARED. */
export async function expectedLooks(cowrieDir: string): Promise<readonly FileLook[]> {
  const opened = await openPreparedCowrie(cowrieDir);
  if (opened.kind === 'refused') throw new CerberusError('COWRIE_NOT_PREPARED', opened.reason);
  const cowrie = opened.value;
  const looks = cowrie.manifest.hotFiles.map(async ({ path }) => ({
    path,
    content: (await cowrie.read(path)).toString('utf8'),
  }));
  return await Promise.all(looks);
}

/** Where its SSH listens, as its configuration says; Cowrie's own default is port 2222 of every address. */
export async function sshAddress(cowrieDir: string): Promise<{ host: string; port: number }> {
  const config = await readFile(join(cowrieDir, configPath), 'utf8').catch(() => '');
  const endpoint = readSetting(config, 'ssh', 'listen_endpoints')?.split(/\s+/)[0] ?? '';
  const port = Number(/\btcp6?:(\d+)/.exec(endpoint)?.[1] ?? 2222);
  const address = /\binterface=([^:\s]+)/.exec(endpoint)?.[1] ?? '0.0.0.0';
  return { host: address === '0.0.0.0' ? '127.0.0.1' : address, port };
}
