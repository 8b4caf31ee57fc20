import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { type BuiltOverlay, buildOverlay, type OverlayOptions } from './build-overlay.ts';
import { readSetting, type Setting } from './config-file.ts';
import { type Owner, replaceFile, sha256 } from './hot-file.ts';
import { checkCowrieDir, runningPid, withWriteAccess } from './installation.ts';
import {
  configPath,
  type HotFile,
  type Manifest,
  newConfigPath,
  overlayFolder,
  picklePath,
  readManifest,
} from './manifest.ts';
import { ownSettings } from './settings-of.ts';

export interface PrepareOptions extends OverlayOptions {
  readonly dryRun?: boolean | undefined;
  readonly now?: Date;
}

export interface PrepareReport {
  readonly outcome: 'prepared' | 'already' | 'dry_run';
  readonly settings: readonly Setting[];
  readonly hotFiles: readonly HotFile[];
  /** Whether our plugin is among what was put there. */
  readonly plugin: boolean;
  /** Set where a Cowrie runs that must be restarted once to read all this. */
  readonly restartPid: number | null;
}

/**
 * Makes a Cowrie ready to be changed while it runs. Everything is built beside its place and comes into it by two
 * renames, the overlay folder and then `cowrie.cfg`, so that a kill leaves either the old Cowrie or one that the next
 * call finishes. Throws COWRIE_UNUSABLE with one sentence where that cannot be.
 */
export async function prepareCowrie(dir: string, options: PrepareOptions = {}): Promise<PrepareReport> {
  await checkCowrieDir(dir);
  const restartPid = (await runningPid(dir)) ?? null;
  const standing = await readManifest(dir);
  if (standing) {
    const outcome = await finish(dir, standing);
    const settings = ownSettings(standing.plugin);
    const { hotFiles, plugin } = standing;
    return { outcome, settings, hotFiles, plugin, restartPid: outcome === 'already' ? null : restartPid };
  }
  const built = await buildOverlay(dir, options.now ?? new Date(), options);
  const { hotFiles, plugin } = built.manifest;
  const report = { settings: built.settings, hotFiles, plugin, restartPid };
  if (options.dryRun) return { outcome: 'dry_run', ...report };
  await withWriteAccess(dir, async () => {
    const owner = await ownerOf(dir);
    await install(dir, built, owner);
    await replaceFile(join(dir, configPath), Buffer.from(built.newConfig), { ...owner, mode: 0o644 });
  });
  return { outcome: 'prepared', ...report };
}

/** The overlay stands; only the last rename may be missing. */
async function finish(dir: string, manifest: Manifest): Promise<'prepared' | 'already'> {
  const config = await readFile(join(dir, configPath)).catch(() => undefined);
  if ((config === undefined ? null : sha256(config)) === manifest.config.oldSha256) {
    const wanted = await readFile(join(dir, newConfigPath));
    await withWriteAccess(dir, async () =>
      replaceFile(join(dir, configPath), wanted, { ...(await ownerOf(dir)), mode: 0o644 }),
    );
    return 'prepared';
  }
  const text = config?.toString('utf8') ?? '';
  const filesystem = readSetting(text, 'shell', 'filesystem') ?? '';
  const lost = [
    ...ownSettings(manifest.plugin).filter(({ section, key, value }) => readSetting(text, section, key) !== value),
    ...(filesystem.startsWith(`${overlayFolder}/`) ? [] : [{ section: 'shell', key: 'filesystem', value: picklePath }]),
  ][0];
  if (!lost) return 'already';
  throw new CerberusError(
    'COWRIE_UNUSABLE',
    `${dir} was prepared, and then somebody changed [${lost.section}] ${lost.key} in ${configPath}; put back "${lost.value}".`,
  );
}

/** Who runs Cowrie must be able to read what root writes. */
async function ownerOf(dir: string): Promise<Owner> {
  const { uid, gid } = await stat(join(dir, 'etc')).catch(() => stat(dir));
  return { uid, gid };
}

async function install(dir: string, { manifest, files }: BuiltOverlay, owner: Owner): Promise<void> {
  const staging = join(dir, `${overlayFolder}.new`);
  await rm(staging, { recursive: true, force: true });
  const made = await mkdir(staging, { recursive: true, mode: 0o755 });
  for (const [path, content] of files) await putOwned(staging, path, content, owner);
  await putOwned(staging, 'manifest.json', Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`), owner);
  await own(made ?? staging, owner);
  await own(staging, owner);
  await rename(staging, join(dir, overlayFolder));
}

async function putOwned(root: string, path: string, content: Uint8Array, owner: Owner): Promise<void> {
  const target = join(root, path);
  for (const folder of foldersAbove(path)) {
    await mkdir(join(root, folder), { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await own(join(root, folder), owner);
  }
  await writeFile(target, content, { mode: 0o644, flush: true });
  // The umask of whoever runs `prepare` must not hide the file from Cowrie.
  await chmod(target, 0o644);
  await own(target, owner);
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [...foldersAbove(folder), folder];
}

async function own(path: string, { uid, gid }: Owner): Promise<void> {
  if (process.getuid?.() === 0) await chown(path, uid, gid);
}
