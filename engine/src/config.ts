import { accessSync, closeSync, constants, existsSync, openSync, readSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { defaultStateDir } from './config/default-state-dir.ts';
import { fromEnvironment } from './config/from-environment.ts';
import { collectGiven } from './config/given.ts';
import { parseGiven } from './config/parse-given.ts';
import { ConfigSchema, type Settings } from './config/schema.ts';
import { getSetting } from './config/settings.ts';
import type { Secret } from './kit/secret.ts';

/** Settings that every subcommand understands, as the command line gave them. */
export interface ConfigFlags {
  readonly debug?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  /** Path of the INI file. */
  readonly config?: string | undefined;
  readonly port?: string | undefined;
}

/** Everything that a configuration is made of; a test hands in its own. */
export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: ConfigFlags;
  /** Gives a file's text; throws what `node:fs` throws. */
  readonly readFile: (path: string) => string;
  readonly cwd: string;
  readonly home: string;
  /** The checkout that this program runs from, where it may write there; else null. */
  readonly projectDir: string | null;
}

type DeepReadonly<T> = T extends Secret ? T : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The effective settings, frozen. `origins` says for each one (`http.port`) where it came from. */
export type Config = DeepReadonly<Settings> & { readonly origins: Readonly<Record<string, string>> };

const fileBytesMax = 1024 * 1024;

/**
 * Defaults, then config.ini, then variables, then flags. Throws BAD_CONFIGURATION, whose detail names every fault at
 * once, one a line: where, what was expected, what came, and the fix. Reaches for nothing but the files that are named.
 */
export function readConfig(sources: ConfigSources): Config {
  const { given, faults } = collectGiven({ ...sources, stateDir: defaultStateDir(sources) });
  const { settings, faults: wrongValues } = parseGiven(given);
  const all = [...faults, ...wrongValues];
  if (settings === undefined || all.length > 0) throw new CerberusError('BAD_CONFIGURATION', all.join('\n'));
  const origins = Object.fromEntries([...given].map(([path, { origin }]) => [path, origin]));
  return freezeDeeply({ ...settings, origins });
}

/**
 * The master key alone, or null where none is set: whoever seals a value may have a configuration that is not sound
 * yet. Throws BAD_CONFIGURATION for a fault of the key itself.
 */
export function readMasterKey(sources: Pick<ConfigSources, 'env' | 'readFile' | 'cwd' | 'home'>): Secret | null {
  const faults: string[] = [];
  const given = fromEnvironment(sources, faults, [getSetting('state.masterKey')])[0];
  const parsed = ConfigSchema.shape.state.shape.masterKey.safeParse(given?.text);
  if (parsed.success && faults.length === 0) return parsed.data;
  const wrong = parsed.error?.issues.map(({ message }) => `${given?.origin}: expected ${message}`) ?? [];
  throw new CerberusError('BAD_CONFIGURATION', [...faults, ...wrong].join('\n'));
}

/** The real sources of this process: the only place that reads its environment. */
export function processSources(flags: ConfigFlags): ConfigSources {
  return {
    env: process.env,
    flags,
    readFile: readBounded,
    cwd: process.cwd(),
    home: homedir(),
    projectDir: findProjectDir(),
  };
}

function freezeDeeply<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freezeDeeply(inner);
  return Object.freeze(value);
}

// Bounded by reading and not by the size that the file tells: pipes and /proc files tell none.
function readBounded(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(fileBytesMax + 1);
    let length = 0;
    for (let count = -1; count !== 0 && length < bytes.length; length += count) {
      count = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > fileBytesMax) throw new Error(`it is larger than ${fileBytesMax} bytes`);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

function findProjectDir(): string | null {
  const root = resolve(import.meta.dirname, '..', '..');
  if (!existsSync(join(root, 'package-lock.json'))) return null;
  try {
    accessSync(existsSync(join(root, '.cerberus')) ? join(root, '.cerberus') : root, constants.W_OK);
    return root;
  } catch {
    return null;
  }
}
