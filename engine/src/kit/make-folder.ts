import { access, constants, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a folder with those above it. Node tells of a disk that is mounted read-only that something is not there; this tells the reason. */
export async function makeFolder(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') await checkWritable(dirname(path));
    throw error;
  }
}

/** Rejects with why nothing can be made in the nearest folder that is there. */
async function checkWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const isThere = !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
    if (isThere || folder === dirname(folder)) throw error;
    await checkWritable(dirname(folder));
  }
}
