import { dirname, resolve } from 'node:path';
import { nearest } from '@cerberusmesh/contract/nearest';
import { reasonOf } from '../kit/reason-of.ts';
import { absolute, type GivenValue, type Sources } from './given-value.ts';
import { type IniEntry, parseIni } from './ini.ts';
import { allSettings, type Setting } from './settings.ts';

/** The values of the INI file: --config, else CERBERUS_CONFIG, else ./config.ini where there is one. */
export function fromIni(sources: Sources, faults: string[]): GivenValue[] {
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

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
