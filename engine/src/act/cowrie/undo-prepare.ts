import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { replaceFile, sha256, temporaryPrefix } from './hot-file.ts';
import { checkCowrieDir, runningPid, withWriteAccess } from './installation.ts';
import { configPath, type Manifest, overlayFolder, readManifest, savedConfigPath } from './manifest.ts';

export interface UndoOptions {
  readonly dryRun?: boolean | undefined;
  /** Takes decoy files away even where an adaptation stands in them. */
  readonly discardDecoys?: boolean | undefined;
}

export interface UndoReport {
  readonly outcome: 'undone' | 'nothing' | 'dry_run';
  readonly restartPid: number | null;
}

/**
 * Puts back what `prepareCowrie` found, byte for byte, or touches nothing: throws CONFLICT, naming the file, where
 * somebody changed one in between. Repeating it after a kill goes on where it stopped.
 */
export async function undoPrepare(dir: string, options: UndoOptions = {}): Promise<UndoReport> {
  await checkCowrieDir(dir);
  const restartPid = (await runningPid(dir)) ?? null;
  const leaving = join(dir, `${overlayFolder}.removed`);
  // What a kill left of an undo that was as good as done.
  if (!options.dryRun) await withWriteAccess(dir, () => rm(leaving, { recursive: true, force: true }));
  const manifest = await readManifest(dir);
  if (!manifest) return { outcome: 'nothing', restartPid: null };
  await refuseForeignChanges(dir, manifest, options.discardDecoys ?? false);
  if (options.dryRun) return { outcome: 'dry_run', restartPid };
  await withWriteAccess(dir, async () => {
    await restoreConfig(dir, manifest);
    await rename(join(dir, overlayFolder), leaving);
    await rm(leaving, { recursive: true });
  });
  return { outcome: 'undone', restartPid };
}

async function restoreConfig(dir: string, { config }: Manifest): Promise<void> {
  const path = join(dir, configPath);
  if (config.oldSha256 === null) await rm(path, { force: true });
  else await replaceFile(path, await readFile(join(dir, savedConfigPath)));
}

async function refuseForeignChanges(dir: string, manifest: Manifest, discardDecoys: boolean): Promise<void> {
  const config = await hashOf(join(dir, configPath));
  const ours = [
    manifest.config.newSha256,
    manifest.config.oldSha256,
    ...manifest.personas.map((persona) => persona.configSha256),
  ];
  if (!ours.includes(config)) {
    conflict(
      `${join(dir, configPath)} was changed after it was prepared; put the change aside (the old file is ${savedConfigPath}).`,
    );
  }
  const root = join(dir, overlayFolder);
  const hot = new Set(manifest.hotFiles.map((file) => `honeyfs${file.path}`));
  for (const { path, sha256: expected } of manifest.files) {
    if ((await hashOf(join(root, path))) === expected) continue;
    if (!hot.has(path)) conflict(`${join(root, path)} was changed after it was prepared.`);
    if (!discardDecoys) {
      conflict(`${join(root, path)} holds an adaptation or somebody's change; roll it back, or give --discard-decoys.`);
    }
  }
  const known = new Set([...manifest.files.map((file) => file.path), 'manifest.json']);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => !found.isDirectory())) {
    const path = relative(root, join(entry.parentPath, entry.name));
    if (!known.has(path) && !basename(path).startsWith(temporaryPrefix) && !isCompiled(path))
      conflict(`${join(root, path)} is not ours; move it away.`);
  }
}

/** What Python makes of our plugin when it runs it. */
function isCompiled(path: string): boolean {
  return /^plugin\/(.+\/)?__pycache__\/[^/]+\.pyc$/.test(path);
}

/** Null where there is no such file. */
async function hashOf(path: string): Promise<string | null> {
  return readFile(path).then(sha256, () => null);
}

function conflict(sentence: string): never {
  throw new CerberusError('CONFLICT', sentence);
}
