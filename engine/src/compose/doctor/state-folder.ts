import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '@cerberusmesh/contract/doctor';
import type { Config } from '../../config.ts';
import { nearestFolder } from './disk-space.ts';
import { fault, sound } from './finding.ts';

/** What opens other things: whoever else can read one of these can act as this installation. */
const secretFiles = ['install.key', 'postgres.json'];

/** Its mode, and whether it can be written. */
export async function checkStateFolder({ state }: Config): Promise<readonly Finding[]> {
  const nearest = await nearestFolder(state.dir);
  return [await checkFolder(state.dir, nearest), ...(await checkSecrets(state.dir))];
}

async function checkFolder(dir: string, nearest: string): Promise<Finding> {
  const check = 'state folder';
  const found = await stat(nearest);
  const mend = 'Make it writable for the user who runs this, or set CERBERUS_DATA_DIR to another folder.';
  if (!found.isDirectory()) return fault(check, `${nearest} is no folder.`, 'Set CERBERUS_DATA_DIR to a folder.');
  const isWritable = await access(nearest, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable) return fault(check, `${nearest} cannot be written.`, mend);
  if (nearest !== dir) return sound(check, `${dir} is made by the first start.`);
  if ((found.mode & 0o066) !== 0) {
    const mode = (found.mode & 0o777).toString(8);
    return fault(check, `${dir} (mode ${mode}) is open to other users, and keys lie in it.`, `chmod go-rw ${dir}`);
  }
  return sound(check, `${dir} can be written, and only its owner can look into it.`);
}

async function checkSecrets(dir: string): Promise<Finding[]> {
  const findings = secretFiles.map(async (name) => {
    const path = join(dir, name);
    const found = await stat(path).catch(() => undefined);
    if (!found || (found.mode & 0o066) === 0) return [];
    return [fault('keys', `${path} can be read by other users.`, `chmod 600 ${path}`)];
  });
  return (await Promise.all(findings)).flat();
}
