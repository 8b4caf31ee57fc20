import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyBinaries } from './binaries.ts';

/** PostgreSQL refuses to run as root, so root's embedded server runs as `nobody`. */
export const serverUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

const fallbackRoot = '/var/lib/cerberusmesh';

export interface ServerPlace {
  /** The PGDATA folder; made by initdb. */
  readonly cluster: string;
  readonly native: string;
  /** Set where the cluster could not live in the data folder: why, in one sentence. */
  readonly notice?: string;
}

/**
 * Chooses where cluster and binaries live. In the data folder, unless root runs us and a parent folder is closed to
 * `nobody` (a clone under /root, a `mktemp -d`): then below /var/lib, bound to this data folder by an id kept in it, so
 * that an emptied data folder starts with an empty database.
 */
export async function choosePlace(dataDir: string, native: string): Promise<ServerPlace> {
  await mkdir(dataDir, { recursive: true });
  if (!serverUser) return { cluster: join(dataDir, 'postgres'), native };
  await letPass(dataDir);
  const reachable = (await isReachable(dataDir)) && (await isReachable(native));
  if (reachable) return { cluster: await owned(join(dataDir, 'postgres')), native };
  await removeOrphans();
  const place = join(fallbackRoot, await placeId(dataDir));
  await mkdir(place, { recursive: true, mode: 0o755 });
  await writeFile(join(place, 'belongs-to'), dataDir);
  return {
    cluster: await owned(join(place, 'postgres')),
    native: (await isReachable(native)) ? native : await copyBinaries(native, place),
    notice: `The embedded database lives in ${place}, because its user (uid ${serverUser.uid}) cannot enter ${dataDir}.`,
  };
}

async function owned(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (serverUser) await chown(folder, serverUser.uid, serverUser.gid);
  return folder;
}

/** Our own folder may be passed through, not listed: what lies in it has modes of its own. */
async function letPass(dataDir: string): Promise<void> {
  const { mode } = await stat(dataDir);
  if ((mode & 0o001) === 0) await chmod(dataDir, (mode & 0o777) | 0o011);
}

async function isReachable(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid } = await stat(folder);
    if ((mode & (uid === serverUser?.uid ? 0o100 : 0o001)) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function placeId(dataDir: string): Promise<string> {
  const file = join(dataDir, 'postgres-place');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (/^[0-9a-f]{16}$/.test(known)) return known;
  const fresh = randomBytes(8).toString('hex');
  await writeFile(file, fresh, { mode: 0o600 });
  return fresh;
}

/** A place whose data folder is gone, or has another place by now, belongs to nobody any more. */
async function removeOrphans(): Promise<void> {
  for (const id of await readdir(fallbackRoot).catch(() => [])) {
    const place = join(fallbackRoot, id);
    const dataDir = await readFile(join(place, 'belongs-to'), 'utf8').catch(() => undefined);
    if (dataDir === undefined) continue;
    const current = await readFile(join(dataDir, 'postgres-place'), 'utf8').catch(() => '');
    const running = await readFile(join(place, 'postgres', 'postmaster.pid'), 'utf8').then(isAlive, () => false);
    if (current !== id && !running) await rm(place, { recursive: true, force: true });
  }
}

/** True where the first line of a postmaster.pid names a living process. */
export function isAlive(pidFile: string): boolean {
  const pid = Number.parseInt(pidFile, 10);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, and another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
