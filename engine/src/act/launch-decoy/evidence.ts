import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps what visitors uploaded to a honeypot, and their terminal recordings, before its folder is removed. */
export async function keepEvidence(
  folders: { readonly downloads: string; readonly tty: string },
  kept: string,
): Promise<void> {
  for (const [part, from] of Object.entries(folders)) {
    const names = await readdir(from).catch(() => []);
    if (!names.some((name) => !name.startsWith('.'))) continue;
    await mkdir(kept, { recursive: true, mode: 0o700 });
    await rename(from, join(kept, part)).catch((error: NodeJS.ErrnoException) => {
      // It was kept by an earlier try.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  }
}

/** Where Cowrie keeps them. */
export function evidenceOf(cowrieDir: string): { readonly downloads: string; readonly tty: string } {
  const below = join(cowrieDir, 'var/lib/cowrie');
  return { downloads: join(below, 'downloads'), tty: join(below, 'tty') };
}
