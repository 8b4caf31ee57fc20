import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** Takes all the room that is left but `leaveBytes`. */
  fill(leaveBytes?: number): void;
  free(): void;
}

/** Why there can be none here. */
export function whyNoSmallDisk(): string | undefined {
  return process.getuid?.() === 0 && process.platform === 'linux'
    ? undefined
    : 'a tmpfs is mounted: run it as root on Linux';
}

/** A tmpfs of its own, which can be filled and freed. */
export async function withSmallDisk<T>(
  parent: string,
  megabytes: number,
  work: (disk: SmallDisk) => Promise<T>,
): Promise<T> {
  const folder = join(parent, 'small');
  const ballast = join(folder, 'ballast');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', folder]);
  try {
    return await work({
      folder,
      fill(leaveBytes = 0) {
        const file = openSync(ballast, 'a');
        try {
          for (const chunk of [1 << 20, 4096]) fillWith(file, Buffer.alloc(chunk));
        } finally {
          closeSync(file);
        }
        if (leaveBytes > 0) execFileSync('truncate', ['-s', `-${leaveBytes}`, ballast]);
      },
      free: () => rmSync(ballast, { force: true }),
    });
  } finally {
    execFileSync('umount', ['-l', folder]);
  }
}

function fillWith(file: number, zeros: Buffer): void {
  for (;;) {
    try {
      if (writeSync(file, zeros) < zeros.length) return;
    } catch {
      return;
    }
  }
}
