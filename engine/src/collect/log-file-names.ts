import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { explainFault, faultCode } from './file-faults.ts';

export interface FileToReplay {
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * The files of a replay in the order they are read, each once: by folder, then by name, numbers in a name by their
 * value (`.9` before `.10`). A live log comes after its rotated files, for it is the newest. With dates in the names
 * that is the order of time; with logrotate's numbers it is not (`.1` is newer than `.2`), which changes the order of
 * reading but nothing of what is stored.
 *
 * Throws SOURCE_UNREADABLE that names every path which is no readable file.
 */
export async function expandLogFiles(paths: readonly string[]): Promise<FileToReplay[]> {
  const files: FileToReplay[] = [];
  const faults: string[] = [];
  for (const path of new Set(paths.map((given) => resolve(given)))) {
    const found = await sizeOf(path);
    if (typeof found === 'string') faults.push(found);
    else files.push({ path, sizeBytes: found });
  }
  if (faults.length > 0) throw new CerberusError('SOURCE_UNREADABLE', faults.join(' '));
  return files.toSorted((a, b) => compareLogNames(a.path, b.path));
}

function compareLogNames(a: string, b: string): number {
  return natural.compare(dirname(a), dirname(b)) || compareInFolder(basename(a), basename(b));
}

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' });

function compareInFolder(a: string, b: string): number {
  if (a.startsWith(b) && a !== b) return -1;
  if (b.startsWith(a) && a !== b) return 1;
  return natural.compare(a, b);
}

async function sizeOf(path: string): Promise<number | string> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return `${path} is a folder; name the files in it, for example ${path}/cowrie.json*.`;
    return found.size;
  } catch (error) {
    const code = faultCode(error);
    if (code === undefined) throw error;
    return explainFault(path, code);
  }
}
