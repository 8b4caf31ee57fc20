import { encodeRecord, type LastLogin, type LoginRecord, lastLoginAt, putLastLogin } from '../persona/login-records.ts';
import type { World } from '../world/world.ts';

export const wtmpPath = '/var/log/wtmp';
export const lastlogPath = '/var/log/lastlog';

const root = { uid: 0, gid: 0 };
/** A year of daily visits; a machine's own logrotate would have put older ones away. */
const recordsMax = 800;
const recordBytes = 384;
/** lastlog(5) has a place for every number up to its user's; beyond this one it would be a large file of nothing. */
const uidMax = 2_000;

/** When this user was last here, as this world's lastlog says: nothing where the visitor emptied it. */
export function lastLoginOf(world: World, uid: number): LastLogin | undefined {
  return lastLoginAt(readOr(world, lastlogPath), uid);
}

/**
 * Writes a login at a terminal into the files that sshd writes it to, so that `last`, `lastlog` and the next greeting tell it, and
 * nothing does once the visitor removed them. @returns what writes its end
 */
export function writeLogin(world: World, login: Omit<LoginRecord, 'kind'> & { readonly uid: number }): () => void {
  const { uid, pid, line, host, atMs } = login;
  append(world, { ...login, kind: 'login' });
  if (world.find(lastlogPath) && uid <= uidMax)
    keep(world, lastlogPath, putLastLogin(readOr(world, lastlogPath), uid, { atMs, line, host }));
  return () => append(world, { kind: 'logout', pid, line, user: '', host: '', atMs: Date.now() });
}

/** Like the real ones, it makes no file that is gone. */
function append(world: World, record: LoginRecord): void {
  if (!world.find(wtmpPath)) return;
  const before = Buffer.from(readOr(world, wtmpPath)).subarray(-recordBytes * recordsMax);
  keep(world, wtmpPath, Buffer.concat([before, encodeRecord(record)]));
}

function readOr(world: World, path: string): Uint8Array {
  try {
    return world.read(path, root);
  } catch {
    return new Uint8Array();
  }
}

/** A world that is full, or a folder where the file was, is no reason to refuse a login. */
function keep(world: World, path: string, bytes: Uint8Array): void {
  try {
    world.write(path, bytes, root);
  } catch {
    // As sshd, which goes on.
  }
}
