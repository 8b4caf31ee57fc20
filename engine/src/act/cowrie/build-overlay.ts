import { randomInt } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { adaptations } from './adaptations/registry.ts';
import { readSetting, type Setting, withSettings } from './config-file.ts';
import { sha256 } from './hot-file.ts';
import { findPackage } from './installation.ts';
import { configPath, type HotFile, type Manifest, type Persona } from './manifest.ts';
import { type Overlay, readOverlay } from './overlay.ts';
import { type PersonaDescription, readPersonas } from './persona/description.ts';
import { lscpuText } from './persona/dress.ts';
import { pluginFilesFor } from './plugin/plugin-files.ts';
import { settingsOf } from './settings-of.ts';
import { readTree, writeTree } from './tree.ts';
import { furnish, settle } from './world.ts';

export interface BuiltOverlay {
  readonly manifest: Manifest;
  readonly settings: readonly Setting[];
  readonly newConfig: string;
  /** By their path below the overlay folder; the manifest is not among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface OverlayOptions {
  readonly python?: string | undefined;
  /** Instead: a folder with a copy of the package's files. */
  readonly package?: string | undefined;
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
  const { bytes, version, isOwn } = await baseTree(dir, configText, options);
  const machines = isOwn ? [undefined] : await readPersonas();
  const persona = choosePersona(overlay, configText, machines[0], options.lureDomain);
  const pluginFiles = options.plugin === false ? new Map() : await pluginFilesFor(version);
  const plugin = pluginFiles.size > 0;
  const placeholders = await allPlaceholders(persona);

  const files = new Map<string, Uint8Array>(pluginFiles);
  await addOperatorFiles(files, 'honeyfs', dir, pathSetting(configText, 'contents_path'));
  for (const { path, content } of placeholders) files.set(`honeyfs${path}`, Buffer.from(content));
  const commands = new Map<string, Uint8Array>();
  await addOperatorFiles(commands, 'txtcmds', dir, pathSetting(configText, 'txtcmds_path') ?? 'txtcmds');
  for (const { path, lines } of overlay.tools) commands.set(`txtcmds${path}`, Buffer.from(`${lines.join('\n')}\n`));

  const furnished = readTree(bytes);
  furnish(furnished, { overlay, persona, placeholders, now });
  const worlds = machines.map((machine, index) => {
    const being = index === 0 || !machine ? persona : { ...persona, hostname: oneOf(machine.hostnames) };
    const place = index === 0 || !machine ? '' : `personas/${machine.id}/`;
    const tree = structuredClone(furnished);
    settle(tree, being, machine);
    files.set(`${place}fs.pickle`, writeTree(tree));
    for (const [path, content] of commands) files.set(place + path, content);
    if (machine) files.set(`${place}txtcmds/usr/bin/lscpu`, Buffer.from(lscpuText(machine)));
    const settings = settingsOf({ persona: being, plugin, machine, place });
    const config = withSettings(configText, settings);
    files.set(place === '' ? 'saved/cowrie.cfg.prepared' : `${place}cowrie.cfg`, Buffer.from(config));
    return { id: machine?.id ?? '', hostname: being.hostname, settings, config };
  });
  const [home] = worlds;
  if (!home) unusable('policy/cowrie-personas describes nobody to be.');
  if (oldConfig) files.set('saved/cowrie.cfg', oldConfig);

  const manifest: Manifest = {
    version: 1,
    preparedAt: now.toISOString(),
    cowrieVersion: version,
    persona,
    plugin,
    config: { oldSha256: oldConfig ? sha256(oldConfig) : null, newSha256: sha256(home.config) },
    files: [...files].map(([path, content]) => ({ path, sha256: sha256(content) })),
    hotFiles: placeholders.map(
      ({ path, content, action }): HotFile => ({ path, action, size: Buffer.byteLength(content) }),
    ),
    personas: isOwn ? [] : worlds.map(({ id, hostname, config }) => ({ id, hostname, configSha256: sha256(config) })),
  };
  return { manifest, settings: home.settings, newConfig: home.config, files };
}

/** A setup that would win over ours, or that has no shell of Cowrie's own, cannot be prepared. */
async function refuseForeignSetup(dir: string, configText: string): Promise<void> {
  const backend = readSetting(configText, 'honeypot', 'backend') ?? 'shell';
  if (backend !== 'shell')
    unusable(`${configPath} says backend = ${backend}; only the shell backend has files to plant in.`);
  const later = await readFile(join(dir, 'cowrie.cfg'), 'utf8').catch(() => '');
  const everything = settingsOf({
    persona: { hostname: '', user: '', domain: '' },
    plugin: true,
    machine: (await readPersonas())[0],
    place: '',
  });
  const rival = everything.find(({ section, key }) => readSetting(later, section, key) !== undefined);
  if (rival)
    unusable(`${join(dir, 'cowrie.cfg')} sets ${rival.key} and wins over ${configPath}; move its settings there.`);
}

function choosePersona(
  overlay: Overlay,
  configText: string,
  machine: PersonaDescription | undefined,
  domain = 'internal',
): Persona {
  const standing = readSetting(configText, 'honeypot', 'hostname');
  const own = standing !== undefined && standing !== overlay.defaultHostname ? standing : undefined;
  return { hostname: own ?? oneOf(machine?.hostnames ?? overlay.hostnames), user: oneOf(overlay.users), domain };
}

async function baseTree(
  dir: string,
  configText: string,
  options: OverlayOptions,
): Promise<{ bytes: Uint8Array; version: string | null; isOwn: boolean }> {
  const own = readSetting(configText, 'shell', 'filesystem');
  if (own) {
    const bytes = await readFile(resolve(dir, own)).catch(() =>
      unusable(`[shell] filesystem names ${own}, which cannot be read.`),
    );
    return { bytes, version: null, isOwn: true };
  }
  const { filesystemPath, version } = await findPackage(dir, { python: options.python, copy: options.package });
  return { bytes: await readFile(filesystemPath), version, isOwn: false };
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
