import { execFile } from 'node:child_process';
import { access, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { configPath } from './manifest.ts';

const run = promisify(execFile);

export interface CowriePackage {
  readonly filesystemPath: string;
  /** Null for a source checkout, which does not say. */
  readonly version: string | null;
}

/** Throws COWRIE_UNUSABLE, with what to do, where `dir` is no folder that Cowrie runs in. */
export async function checkCowrieDir(dir: string): Promise<void> {
  const found = await stat(dir).catch(() => undefined);
  if (!found?.isDirectory()) throw new CerberusError('COWRIE_UNUSABLE', `There is no folder ${dir}.`);
  const signs = [configPath, 'etc/cowrie.cfg.dist', 'src/cowrie', 'var/lib/cowrie'];
  const seen = await Promise.all(signs.map((sign) => isThere(join(dir, sign))));
  if (seen.some(Boolean)) return;
  throw new CerberusError(
    'COWRIE_UNUSABLE',
    `${dir} holds neither ${configPath} nor var/lib/cowrie; name the folder in which "cowrie start" is run.`,
  );
}

/** The process that runs in this folder, undefined where none does. A Cowrie in a container is not seen. */
export async function runningPid(dir: string): Promise<number | undefined> {
  const text = await readFile(join(dir, 'var/run/cowrie.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? pid : undefined;
  }
}

/**
 * Finds the pickle that comes with Cowrie: in a source checkout below `dir`, else in the package of a Python. Without
 * `python` the usual places are tried. `copy` names a folder with what `deploy/cowrie/copy-package.py` took out of a
 * container, whose Python cannot be asked from here. Throws COWRIE_UNUSABLE where none has it.
 */
export async function findPackage(
  dir: string,
  { python, copy }: { readonly python?: string | undefined; readonly copy?: string | undefined } = {},
): Promise<CowriePackage> {
  if (copy !== undefined) return await readCopy(copy);
  const checkout = join(dir, 'src/cowrie/data/fs.pickle');
  if (python === undefined && (await isThere(checkout))) return { filesystemPath: checkout, version: null };
  const candidates = python === undefined ? await usualPythons(dir) : [python];
  for (const candidate of candidates) {
    const found = await askPython(candidate);
    if (found && (await isThere(found.filesystemPath))) return found;
  }
  throw new CerberusError(
    'COWRIE_UNUSABLE',
    `Cowrie's package was not found by ${candidates.join(', ')}; name the Python that runs it: --python /path/to/cowrie-env/bin/python.`,
  );
}

async function readCopy(folder: string): Promise<CowriePackage> {
  const filesystemPath = join(folder, 'fs.pickle');
  const version = await readFile(join(folder, 'version'), 'utf8').catch(() => undefined);
  if (version !== undefined && (await isThere(filesystemPath))) return { filesystemPath, version: version.trim() };
  throw new CerberusError(
    'COWRIE_UNUSABLE',
    `${folder} holds no copy of Cowrie's package (fs.pickle and version); run deploy/cowrie/copy-package.py in Cowrie's container first.`,
  );
}

async function usualPythons(dir: string): Promise<string[]> {
  const pid = await runningPid(dir);
  const commandLine = pid === undefined ? '' : await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const own = commandLine.split('\0')[0] ?? '';
  const environments = ['cowrie-env', '.venv', 'venv', '..'].map((name) => join(dir, name, 'bin/python'));
  const there = await Promise.all(environments.map(isThere));
  return [...(own.includes('python') ? [own] : []), ...environments.filter((_, index) => there[index]), 'python3'];
}

const question = `
import importlib.metadata, importlib.util, json
spec = importlib.util.find_spec("cowrie")
print(json.dumps([spec.submodule_search_locations[0], importlib.metadata.version("cowrie")]))`;

async function askPython(python: string): Promise<CowriePackage | undefined> {
  try {
    const { stdout } = await run(python, ['-c', question], { timeout: 20_000, maxBuffer: 65_536 });
    const [folder, version] = stdout
      .trim()
      .split('"')
      .filter((_, index) => index % 2 === 1);
    if (folder === undefined) return undefined;
    return { filesystemPath: join(folder, 'data/fs.pickle'), version: version ?? null };
  } catch {
    return undefined;
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Runs `work` and turns a lack of permission into one sentence with the path, the need and the fix. */
export async function withWriteAccess<T>(dir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Node's file errors carry code and path.
    const { code, path } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error;
    throw new CerberusError(
      'COWRIE_UNUSABLE',
      `${path ?? dir} cannot be written (${code}); run this as the user who owns ${dir}, or as root.`,
      error,
    );
  }
}
