import { isAbsolute, join, resolve } from 'node:path';
import { isSealed } from './seal.ts';
import { getSetting, type Setting } from './settings.ts';

/** A setting's text before its schema has seen it. */
export interface GivenValue {
  readonly setting: Setting;
  readonly text: string;
  /** For people: `config.ini:12 [http] port`, `the variable PORT`, `--port`, `default`. */
  readonly origin: string;
}

/** What the readers of single sources need. */
export interface Sources {
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

/** A setting that nobody gave. */
export function usual(path: string, text: string): GivenValue {
  return { setting: getSetting(path), text, origin: 'default' };
}

/** A path setting's text made absolute from `base`; any other setting's text as it is. */
export function absolute(setting: Setting, text: string, base: string, home: string): string {
  if (setting.treat !== 'path' || isSealed(text) || isAbsolute(text)) return text;
  return text.startsWith('~/') ? join(home, text.slice(2)) : resolve(base, text);
}
