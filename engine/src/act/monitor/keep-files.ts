import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../kit/make-folder.ts';

/** Where a honeypot leaves what visitors do and bring. */
export interface FileFolders {
  readonly recordings: string;
  readonly payloads: string;
}

export interface KeptBytes {
  readonly bytes: number;
  readonly sha256: string;
}

const fileBytesMax = 64 * 1024 * 1024;
/** Names that honeypots give: hashes, or time and session. Nothing of a path. */
const nameForm = /^[A-Za-z0-9][\w.-]{0,127}$/;
const cowrieSessionForm = /^[0-9a-f]{12}$/;

/**
 * Copies files of a honeypot into a folder of ours. The honeypot is not trusted: names hold no path, links are not
 * followed, sizes are bounded, and what was copied is what is hashed.
 */
export function createFileKeeper(folder: string) {
  const placeOf = (sensor: string, name: string): string => join(folder, sensor.replace(/[^\w.-]/g, '_'), name);

  return {
    placeOf,

    /**
     * Cowrie names a recording by its session until it ends, and then by the hash of what was *typed*: that of a second
     * visitor with the same commands it deletes. A link made while it grows holds it, whatever becomes of the name.
     * @returns the recordings of this session that were not held yet, or not to their end.
     */
    async holdOpen(sensor: string, session: string, from: FileFolders): Promise<HeldRecording[]> {
      if (!cowrieSessionForm.test(session)) return [];
      const names = await readdir(from.recordings).catch(() => []);
      const held: HeldRecording[] = [];
      for (const name of names.filter((each) => nameForm.test(each) && each.includes(`-${session}-`))) {
        const as = await hold(join(from.recordings, name), placeOf(sensor, name));
        if (as !== 'held') held.push({ name, isWhole: as === 'linked' });
      }
      return held;
    },

    /** Makes a held recording that has ended a file of our own, so that nobody writes into it any more. */
    async settle(sensor: string, name: string): Promise<KeptBytes | undefined> {
      return await copy(placeOf(sensor, name), placeOf(sensor, name));
    },

    /** Undefined where it is not there; rejects where it cannot be kept. */
    async keep(sensor: string, name: string, from: string): Promise<KeptBytes | undefined> {
      return nameForm.test(name) ? await copy(join(from, name), placeOf(sensor, name)) : undefined;
    },
  };
}

export interface HeldRecording {
  readonly name: string;
  /** False where it was only copied as far as it went: another file system, or a file that the system does not let us link. */
  readonly isWhole: boolean;
}

async function hold(from: string, to: string): Promise<'linked' | 'copied' | 'held'> {
  await makeFolder(join(to, '..'), 0o700);
  try {
    await link(from, to);
    return 'linked';
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await isSame(from, to))) return 'held';
    return (await copy(from, to)) === undefined ? 'held' : 'copied';
  }
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((path) => lstat(path).catch(() => undefined)));
  return first !== undefined && first.ino === second?.ino;
}

async function copy(from: string, to: string): Promise<KeptBytes | undefined> {
  await makeFolder(join(to, '..'), 0o700);
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!source) return undefined;
  const half = `${to}.half`;
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    // 0600 and never executable: what lies here was brought by attackers.
    const target = await open(half, 'w', 0o600);
    try {
      for await (const chunk of source.createReadStream({ autoClose: false, end: fileBytesMax - 1 })) {
        hash.update(chunk);
        bytes += chunk.length;
        await target.write(chunk);
      }
    } finally {
      await target.close();
    }
    await rename(half, to);
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await source.close();
    await rm(half, { force: true });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
