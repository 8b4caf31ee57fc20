import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type IniEntry, parseIni } from './ini.ts';
import { nearest } from './nearest.ts';
import { ConfigSchema } from './schema.ts';
import { isSealed, openSealed } from './seal.ts';
import { allSettings, type Setting, settingPath } from './settings.ts';

/** A setting's text before its schema has seen it. */
export interface GivenValue {
  readonly setting: Setting;
  readonly text: string;
  /** For people: `config.ini:12 [http] port`, `the variable PORT`, `--port`, `default`. */
  readonly origin: string;
}

interface Sources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: {
    readonly debug?: boolean | undefined;
    readonly dryRun?: boolean | undefined;
    readonly config?: string | undefined;
    readonly port?: string | undefined;
  };
  readonly readFile: (path: string) => string;
  readonly cwd: string;
  readonly home: string;
  readonly stateDir: string;
}

/** By setting path (`http.port`); a later source replaces an earlier one. */
export type Given = Map<string, GivenValue>;

/** Gathers the texts of all sources; relative paths are made absolute, secret files read and sealed values opened. */
export function collectGiven(sources: Sources): { given: Given; faults: string[] } {
  const faults: string[] = [];
  const given: Given = new Map();
  for (const value of [
    ...fromStateDir(sources),
    ...fromIni(sources, faults),
    ...fromEnvironment(sources, faults),
    ...fromFlags(sources),
  ]) {
    given.set(settingPath(value.setting), value);
  }
  openSecrets(given, faults);
  derive(given);
  return { given, faults };
}

function fromStateDir({ stateDir }: Sources): GivenValue[] {
  return [usual('state.dir', stateDir)];
}

function fromIni(sources: Sources, faults: string[]): GivenValue[] {
  const { env, flags, cwd, readFile } = sources;
  const named = flags.config ?? (env['CERBERUS_CONFIG'] || undefined);
  const path = resolve(cwd, named ?? 'config.ini');
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    if (named === undefined && isMissing(error)) return [];
    const who =
      flags.config === undefined ? (named === undefined ? 'the working directory' : 'CERBERUS_CONFIG') : '--config';
    faults.push(
      `${path}: named by ${who}, but it cannot be read (${reasonOf(error)}); make it readable or name another`,
    );
    return [];
  }
  const ini = parseIni(text);
  faults.push(...ini.faults.map((fault) => `${path}:${fault.line}: ${fault.text}`));
  return ini.entries.flatMap((entry) => fromIniEntry(entry, path, sources, faults));
}

function fromIniEntry(entry: IniEntry, path: string, { home }: Sources, faults: string[]): GivenValue[] {
  const origin = `${path}:${entry.line} [${entry.section}] ${entry.key}`;
  const inSection = allSettings.filter((setting) => setting.section === entry.section);
  const setting = inSection.find(({ iniKey }) => iniKey === entry.key);
  if (setting === undefined) {
    faults.push(`${origin}: ${describeUnknown(entry, inSection)}`);
    return [];
  }
  if (setting.environmentOnly) {
    faults.push(
      `${origin}: must not lie beside what it locks; set ${setting.env} or ${setting.env}_FILE in the environment`,
    );
    return [];
  }
  if (entry.value === '') return [];
  return [{ setting, text: absolute(setting, entry.value, dirname(path), home), origin }];
}

function describeUnknown({ section, key }: IniEntry, inSection: readonly Setting[]): string {
  if (inSection.length > 0) {
    const elsewhere = allSettings.find(({ iniKey }) => iniKey === key);
    const near = nearest(
      key,
      inSection.map(({ iniKey }) => iniKey),
    );
    if (near === undefined && elsewhere)
      return `no such setting; did you mean [${elsewhere.section}] ${elsewhere.iniKey}?`;
    return near === undefined
      ? `no such setting; [${section}] has ${inSection.map(({ iniKey }) => iniKey).join(', ')}`
      : `no such setting; did you mean ${near}?`;
  }
  const sections = [...new Set(allSettings.map((setting) => setting.section))];
  const near = nearest(section, sections);
  return near === undefined
    ? `no such section; there are ${sections.join(', ')}`
    : `no such section; did you mean [${near}]?`;
}

function fromEnvironment(sources: Sources, faults: string[]): GivenValue[] {
  return allSettings.flatMap((setting) => {
    // An empty variable counts as not set: compose files write `NAME=` for what was left out.
    const text = sources.env[setting.env] || undefined;
    const file = setting.treat === 'secret' ? sources.env[`${setting.env}_FILE`] || undefined : undefined;
    if (text !== undefined && file !== undefined) {
      faults.push(`the variables ${setting.env} and ${setting.env}_FILE: both are set; keep one of them`);
      return [];
    }
    if (file !== undefined) return fromSecretFile(setting, file, sources, faults);
    if (text === undefined) return [];
    return [
      { setting, text: absolute(setting, text, sources.cwd, sources.home), origin: `the variable ${setting.env}` },
    ];
  });
}

function fromSecretFile(setting: Setting, file: string, { cwd, readFile }: Sources, faults: string[]): GivenValue[] {
  const path = resolve(cwd, file);
  const origin = `${path} (the variable ${setting.env}_FILE)`;
  try {
    const text = readFile(path).replace(/\r?\n$/, '');
    if (text !== '') return [{ setting, text, origin }];
    faults.push(`${origin}: expected the secret, came an empty file; write it there`);
  } catch (error) {
    faults.push(`${origin}: it cannot be read (${reasonOf(error)}); make it readable or name another`);
  }
  return [];
}

function fromFlags({ flags }: Sources): GivenValue[] {
  return [
    ...(flags.port === undefined ? [] : [{ setting: getSetting('http.port'), text: flags.port, origin: '--port' }]),
    ...(flags.debug ? [{ setting: getSetting('log.level'), text: 'debug', origin: '--debug' }] : []),
    ...(flags.dryRun ? [{ setting: getSetting('agent.dryRun'), text: 'true', origin: '--dry-run' }] : []),
  ];
}

function openSecrets(given: Given, faults: string[]): void {
  const masterKey = given.get('state.masterKey')?.text;
  for (const [path, value] of given) {
    if (!isSealed(value.text)) continue;
    const fault = whyClosed(value.setting, masterKey);
    if (fault === undefined && masterKey !== undefined) {
      try {
        given.set(path, {
          ...value,
          text: openSealed(value.text, value.setting.env, masterKey),
          origin: `${value.origin}, sealed`,
        });
        continue;
      } catch (error) {
        faults.push(`${value.origin}: ${reasonOf(error)}`);
      }
    } else {
      faults.push(`${value.origin}: ${fault}`);
    }
    given.delete(path);
  }
}

function whyClosed(setting: Setting, masterKey: string | undefined): string | undefined {
  if (setting.treat !== 'secret' || setting.environmentOnly)
    return 'this setting cannot be sealed; write its plain value';
  if (masterKey === undefined) {
    return 'the value is sealed and there is no master key; set CERBERUS_MASTER_KEY or CERBERUS_MASTER_KEY_FILE';
  }
  return undefined;
}

/** What follows from other settings: Cowrie writes its log below its state folder, and our log lies in our own. */
function derive(given: Given): void {
  const usualLog = '/var/log/cowrie/cowrie.json';
  const dir = given.get('cowrie.dir');
  const log =
    given.get('cowrie.logPath') ?? usual('cowrie.logPath', ConfigSchema.shape.cowrie.shape.logPath.parse(undefined));
  if (dir !== undefined && log.origin === 'default') {
    given.set('cowrie.logPath', { ...log, text: join(dir.text, usualLog), origin: `told from ${dir.origin}` });
  } else if (dir === undefined && log.text.endsWith(usualLog)) {
    const text = log.text.slice(0, -usualLog.length) || '/';
    given.set('cowrie.dir', {
      setting: getSetting('cowrie.dir'),
      text,
      origin: `told from COWRIE_LOG_PATH (${log.origin})`,
    });
  }
  const stateDir = given.get('state.dir');
  if (stateDir === undefined || given.has('log.file')) return;
  given.set('log.file', usual('log.file', join(stateDir.text, 'logs', 'cerberus.log')));
}

function usual(path: string, text: string): GivenValue {
  return { setting: getSetting(path), text, origin: 'default' };
}

function absolute(setting: Setting, text: string, base: string, home: string): string {
  if (setting.treat !== 'path' || isSealed(text) || isAbsolute(text)) return text;
  return text.startsWith('~/') ? join(home, text.slice(2)) : resolve(base, text);
}

function getSetting(path: string): Setting {
  const setting = allSettings.find((candidate) => settingPath(candidate) === path);
  if (setting === undefined) throw new Error(`There is no setting ${path} in the schema.`);
  return setting;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
