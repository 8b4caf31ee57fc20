import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Only root may mount one. */
export const canMount = process.getuid?.() === 0;

export interface SmallDisk {
  readonly folder: string;
  fill(): void;
  /** What was filled is free again. */
  free(): Promise<void>;
  /** Mounts it again, to be read only or not. */
  setReadOnly(isReadOnly: boolean): void;
  remove(): Promise<void>;
}

/** A disk of its own, in memory, that anybody may pass. */
export async function mountSmallDisk(size: string): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'cerberus-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'none', folder]);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => void spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']),
    free: () => rm(filler),
    setReadOnly: (isReadOnly) => void execFileSync('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder]),
    async remove() {
      execFileSync('umount', ['-l', folder]);
      await rm(folder, { recursive: true });
    },
  };
}
