import { access, constants, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AdaptationType } from '@cerberusmesh/contract/decision';
import { type Outcome, ok, refused } from '../../kit/outcome.ts';
import { readSetting } from './config-file.ts';
import { replaceFile } from './hot-file.ts';
import { configPath, type HotFile, honeyfsFolder, type Manifest, readManifest } from './manifest.ts';

/** A Cowrie whose world can be changed while it runs. */
export interface PreparedCowrie {
  readonly dir: string;
  readonly manifest: Manifest;
  hotFiles(action: AdaptationType): readonly HotFile[];
  /** The bytes that a visitor's `cat` reads now. */
  read(path: string): Promise<Buffer>;
  /** Rejects where this user may not put a file there. */
  checkWritable(path: string): Promise<void>;
  write(path: string, content: Uint8Array): Promise<void>;
}

/** Refuses, with a sentence for the operator, a folder that was not prepared or is no longer as it was prepared. */
export async function openPreparedCowrie(dir: string): Promise<Outcome<PreparedCowrie, string>> {
  const manifest = await readManifest(dir);
  if (!manifest) return refused(`${dir} was not prepared; run: cerberus prepare ${dir}`);
  const config = await readFile(join(dir, configPath), 'utf8').catch(() => '');
  if (readSetting(config, 'honeypot', 'contents_path') !== honeyfsFolder) {
    return refused(`${join(dir, configPath)} no longer points to ${honeyfsFolder}; run: cerberus prepare ${dir}`);
  }
  return ok(createPreparedCowrie(dir, manifest));
}

function createPreparedCowrie(dir: string, manifest: Manifest): PreparedCowrie {
  const known = new Set(manifest.hotFiles.map((file) => file.path));
  function realPath(path: string): string {
    if (!known.has(path)) throw new Error(`${path} is not one of the files that were prepared for change`);
    return join(dir, honeyfsFolder, path);
  }
  return {
    dir,
    manifest,
    hotFiles: (action) => manifest.hotFiles.filter((file) => file.action === action),
    read: (path) => readFile(realPath(path)),
    checkWritable: (path) => access(dirname(realPath(path)), constants.W_OK),
    write: (path, content) => replaceFile(realPath(path), content),
  };
}
