import { randomInt } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { adaptations } from './adaptations/registry.ts';
import { readSetting, type Setting, withSettings } from './config-file.ts';
import { sha256 } from './hot-file.ts';
import { findPackage } from './installation.ts';
import {
  configPath,
  type HotFile,
  honeyfsFolder,
  type Manifest,
  type Persona,
  picklePath,
  pluginSocketPath,
  txtcmdsFolder,
} from './manifest.ts';
import { type Overlay, readOverlay } from './overlay.ts';
import { pluginFilesFor } from './plugin/plugin-files.ts';
import { readTree, type TreeNode, writeTree } from './tree.ts';
import { furnish } from './world.ts';

export interface BuiltOverlay {
  readonly manifest: Manifest;
  readonly settings: readonly Setting[];
  readonly newConfig: string;
  /** By their path below the overlay folder; the manifest is not among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface OverlayOptions {
  readonly python?: string | undefined;
  /** Of the hosts that lures name. */
  readonly lureDomain?: string | undefined;
  /** False: leave our plugin out, whatever the version. */
  readonly plugin?: boolean | undefined;
}

/** Thinks out everything that `prepare` would write, and writes nothing. Throws COWRIE_UNUSABLE. */
export async function buildOverlay(dir: string, now: Date, options: OverlayOptions = {}): Promise<BuiltOverlay> {
  const overlay = await readOverlay();
  const oldConfig = await readFile(join(dir, configPath)).catch(() => undefined);
  const configText = oldConfig?.toString('utf8') ?? '';
  await refuseForeignSetup(dir, configText);
  const persona = choosePersona(overlay, configText, options.lureDomain);
  const { tree, version } = await baseTree(dir, configText, options.python);
  const pluginFiles = options.plugin === false ? new Map() : await pluginFilesFor(version);
  const plugin = pluginFiles.size > 0;
  const settings = settingsOf({ persona, plugin });
  const newConfig = withSettings(configText, settings);
  const placeholders = await allPlaceholders(persona);
  furnish(tree, { overlay, persona, placeholders, now });

  const files = new Map<string, Uint8Array>(pluginFiles);
  await addOperatorFiles(files, 'honeyfs', dir, pathSetting(configText, 'contents_path'));
  await addOperatorFiles(files, 'txtcmds', dir, pathSetting(configText, 'txtcmds_path') ?? 'txtcmds');
  for (const { path, lines } of overlay.tools) files.set(`txtcmds${path}`, Buffer.from(`${lines.join('\n')}\n`));
  for (const { path, content } of placeholders) files.set(`honeyfs${path}`, Buffer.from(content));
  files.set('fs.pickle', writeTree(tree));
  files.set('saved/cowrie.cfg.prepared', Buffer.from(newConfig));
  if (oldConfig) files.set('saved/cowrie.cfg', oldConfig);

  const manifest: Manifest = {
    version: 1,
    preparedAt: now.toISOString(),
    cowrieVersion: version,
    persona,
    plugin,
    config: { oldSha256: oldConfig ? sha256(oldConfig) : null, newSha256: sha256(newConfig) },
    files: [...files].map(([path, content]) => ({ path, sha256: sha256(content) })),
    hotFiles: placeholders.map(
      ({ path, content, action }): HotFile => ({ path, action, size: Buffer.byteLength(content) }),
    ),
  };
  return { manifest, settings, newConfig, files };
}

/** What Cowrie is told. Paths are relative to its working folder, so that they hold inside a container too. */
export function settingsOf({ persona, plugin }: Pick<Manifest, 'persona' | 'plugin'>): readonly Setting[] {
  return [
    { section: 'honeypot', key: 'hostname', value: persona.hostname },
    { section: 'honeypot', key: 'contents_path', value: honeyfsFolder },
    { section: 'honeypot', key: 'txtcmds_path', value: txtcmdsFolder },
    // Cowrie cuts a session after these seconds even while its visitor types; 300 and 180 are its own values.
    { section: 'honeypot', key: 'interactive_timeout', value: '3600' },
    { section: 'honeypot', key: 'idle_timeout', value: '1800' },
    { section: 'honeypot', key: 'logtype', value: 'rotating' },
    { section: 'shell', key: 'filesystem', value: picklePath },
    { section: 'output_jsonlog', key: 'enabled', value: 'true' },
    // Where the host's zone is not UTC, Cowrie writes local time with a false Z; the epoch is always right.
    { section: 'output_jsonlog', key: 'epoch_timestamp', value: 'true' },
    ...(plugin
      ? [
          { section: 'output_cerberus', key: 'enabled', value: 'true' },
          { section: 'output_cerberus', key: 'socket', value: pluginSocketPath },
        ]
      : []),
  ];
}

/** A setup that would win over ours, or that has no shell of Cowrie's own, cannot be prepared. */
async function refuseForeignSetup(dir: string, configText: string): Promise<void> {
  const backend = readSetting(configText, 'honeypot', 'backend') ?? 'shell';
  if (backend !== 'shell')
    unusable(`${configPath} says backend = ${backend}; only the shell backend has files to plant in.`);
  const later = await readFile(join(dir, 'cowrie.cfg'), 'utf8').catch(() => '');
  const rival = settingsOf({ persona: { hostname: '', user: '', domain: '' }, plugin: true }).find(
    ({ section, key }) => readSetting(later, section, key) !== undefined,
  );
  if (rival)
    unusable(`${join(dir, 'cowrie.cfg')} sets ${rival.key} and wins over ${configPath}; move its settings there.`);
}

function choosePersona(overlay: Overlay, configText: string, domain = 'internal'): Persona {
  const standing = readSetting(configText, 'honeypot', 'hostname');
  const own = standing !== undefined && standing !== overlay.defaultHostname ? standing : undefined;
  return { hostname: own ?? oneOf(overlay.hostnames), user: oneOf(overlay.users), domain };
}

async function baseTree(
  dir: string,
  configText: string,
  python: string | undefined,
): Promise<{ tree: TreeNode; version: string | null }> {
  const own = readSetting(configText, 'shell', 'filesystem');
  if (own) {
    const bytes = await readFile(resolve(dir, own)).catch(() =>
      unusable(`[shell] filesystem names ${own}, which cannot be read.`),
    );
    return { tree: readTree(bytes), version: null };
  }
  const { filesystemPath, version } = await findPackage(dir, python);
  return { tree: readTree(await readFile(filesystemPath)), version };
}

async function allPlaceholders(persona: Persona) {
  const perAction = adaptations.map(async (adaptation) => {
    const files = await adaptation.placeholders(persona);
    return files.map((file) => ({ ...file, action: adaptation.name }));
  });
  return (await Promise.all(perAction)).flat();
}

const operatorFilesMax = 2_000;
const operatorBytesMax = 25_000_000;

/** What the operator shows already goes on being shown. Links are left out, as Cowrie leaves them out. */
async function addOperatorFiles(
  files: Map<string, Uint8Array>,
  into: 'honeyfs' | 'txtcmds',
  dir: string,
  from: string | undefined,
): Promise<void> {
  if (from === undefined) return;
  const folder = resolve(dir, from);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const regular = entries.filter((entry) => entry.isFile());
  if (regular.length > operatorFilesMax) unusable(`${folder} holds more than ${operatorFilesMax} files.`);
  for (const entry of regular) {
    const path = join(entry.parentPath, entry.name);
    if ((await stat(path)).size > operatorBytesMax) unusable(`${path} is larger than Cowrie would show.`);
    files.set(`${into}/${relative(folder, path)}`, await readFile(path));
  }
}

function pathSetting(configText: string, key: string): string | undefined {
  const value = readSetting(configText, 'honeypot', key);
  if (value?.includes('$')) unusable(`${configPath} builds ${key} from other values; write the path out.`);
  return value === '' ? undefined : value;
}

function oneOf(choices: readonly string[]): string {
  const chosen = choices[randomInt(choices.length)];
  return chosen ?? unusable('sensors/cowrie/overlay.json names nobody to be.');
}

function unusable(sentence: string): never {
  throw new CerberusError('COWRIE_UNUSABLE', sentence);
}
