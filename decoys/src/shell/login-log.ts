import {
  decodeRecords,
  encodeRecord,
  type LastLogin,
  type LoginRecord,
  lastLoginAt,
  putLastLogin,
} from '../persona/login-records.ts';
import type { World } from '../world/world.ts';

export const wtmpPath = '/var/log/wtmp';
export const lastlogPath = '/var/log/lastlog';

const root = { uid: 0, gid: 0 };
/** Each login writes the file anew, so it is kept short: 500 sessions at once took 130 MB with 800 records. logrotate puts older ones away too. */
const recordsMax = 100;
const recordBytes = 384;
/** lastlog(5) has a place for every number up to its user's: that of the first person is 290 KB of nothing. */
const uidMax = 100;

/**
 * When this user was last here. As long as nobody wrote into the world's lastlog it says what wtmp does, and is not kept: 250 worlds
 * held 150 MB by it. What a visitor made of it counts from then on: one that he emptied tells nothing.
 */
export function lastLoginOf(world: World, { uid, name }: { readonly uid: number; readonly name: string }) {
  const node = world.find(lastlogPath);
  if (!node) return undefined;
  if (node.kind !== 'made') return lastLoginAt(readOr(world, lastlogPath), uid);
  const login = decodeRecords(readOr(world, wtmpPath)).findLast(({ kind, user }) => kind === 'login' && user === name);
  return login satisfies LastLogin | undefined;
}

/**
 * Writes a login at a terminal into the files that sshd writes it to, so that `last`, `lastlog` and the next greeting tell it, and
 * nothing does once the visitor removed them. @returns what writes its end
 */
export function writeLogin(world: World, login: Omit<LoginRecord, 'kind'> & { readonly uid: number }): () => void {
  const { uid, pid, line, host, atMs } = login;
  append(world, { ...login, kind: 'login' });
  if (world.find(lastlogPath)?.kind === 'file' && uid <= uidMax)
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
