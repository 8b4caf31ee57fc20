import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps what visitors uploaded to a Cowrie, and their terminal recordings, before its folder is removed. */
export async function keepEvidence(cowrieDir: string, kept: string): Promise<void> {
  for (const part of ['downloads', 'tty']) {
    const from = join(cowrieDir, 'var/lib/cowrie', part);
    const names = await readdir(from).catch(() => []);
    if (!names.some((name) => !name.startsWith('.'))) continue;
    await mkdir(kept, { recursive: true, mode: 0o700 });
    await rename(from, join(kept, part)).catch((error: NodeJS.ErrnoException) => {
      // It was kept by an earlier try.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  }
}
