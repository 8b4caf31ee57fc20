import { randomBytes, scrypt } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { BackupManifest } from '@cerberusmesh/contract/backup';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Secret } from '../../kit/secret.ts';

const scryptAside = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** Where the key of a backup lies that was made without a master key. */
export function keyFileOf(file: string): string {
  return `${file}.key`;
}

export interface BackupKey {
  readonly kind: BackupManifest['key'];
  readonly salt: string;
  readonly key: Uint8Array;
}

/** The master key, or one that is made for this backup and written beside it. */
export async function makeBackupKey(file: string, masterKey: Secret | null): Promise<BackupKey> {
  const salt = randomBytes(16).toString('base64url');
  if (masterKey) return { kind: 'master', salt, key: await draw(masterKey.reveal(), salt) };
  const made = randomBytes(32).toString('base64url');
  const handle = await open(keyFileOf(file), 'wx', 0o600).catch((cause: unknown) => {
    throw new CerberusError(
      'BACKUP_REFUSED',
      `${keyFileOf(file)} cannot be written, or is there already: name another file.`,
      cause,
    );
  });
  try {
    await handle.writeFile(`${made}\n`);
    await handle.sync();
  } catch (cause) {
    // On a full disk: half a key would keep the next backup from having this name.
    await rm(keyFileOf(file), { force: true });
    throw cause;
  } finally {
    await handle.close();
  }
  return { kind: 'file', salt, key: await draw(made, salt) };
}

/** @throws CerberusError BAD_SECRET where the key that this backup needs is not there */
export async function findBackupKey(
  file: string,
  { key, salt }: Pick<BackupManifest, 'key' | 'salt'>,
  masterKey: Secret | null,
): Promise<Uint8Array> {
  if (key === 'master') {
    if (masterKey) return await draw(masterKey.reveal(), salt);
    throw new CerberusError(
      'BAD_SECRET',
      `${file} was sealed under a CERBERUS_MASTER_KEY: set the one that was set then.`,
    );
  }
  const text = await readFile(keyFileOf(file), 'utf8').catch((cause: unknown) => {
    throw new CerberusError(
      'BAD_SECRET',
      `${file} opens only with ${keyFileOf(file)}, which cannot be read: put it there.`,
      cause,
    );
  });
  return await draw(text.trim(), salt);
}

async function draw(secret: string, salt: string): Promise<Uint8Array> {
  // A master key may be a pass phrase: guessing it at a stolen backup must cost.
  const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
  return await scryptAside(secret, Buffer.from(salt, 'base64url'), 32, cost);
}
