import type { Config } from '../config.ts';
import { Secret } from '../kit/secret.ts';
import { allSettings, type Setting, settingPath } from './settings.ts';

/** One setting in force: where it came from, and whether anything reads it yet. Secrets are shown as `[secret]`. */
export interface EffectiveSetting {
  /** As in config.ini: `[http] port`. */
  readonly name: string;
  readonly env: string;
  readonly value: string;
  readonly origin: string;
  readonly isUsed: boolean;
  readonly help: string;
}

/** Every setting in the schema's order. */
export function describeConfig(config: Config): EffectiveSetting[] {
  return allSettings.map((setting) => ({
    name: `[${setting.section}] ${setting.iniKey}`,
    env: setting.env,
    value: show(settingValue(config, setting)),
    origin: config.origins[settingPath(setting)] ?? 'default',
    isUsed: setting.notUsedYet !== true,
    help: setting.help,
  }));
}

/** What a person set although nothing reads it yet; worth a warning at start, so that nobody trusts it. */
export function settingsWithoutEffect(config: Config): EffectiveSetting[] {
  return describeConfig(config).filter(({ isUsed, origin }) => !isUsed && origin !== 'default');
}

function settingValue(config: Config, { section, key }: Setting): unknown {
  const group = Object.entries(config).find(([name]) => name === section)?.[1];
  return Object.entries(group ?? {}).find(([name]) => name === key)?.[1];
}

function show(value: unknown): string {
  if (value === null || value === undefined) return '(not set)';
  if (Array.isArray(value)) return value.join(', ') || '(none)';
  return value instanceof Secret ? '[secret]' : String(value);
}
