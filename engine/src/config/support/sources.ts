import { CerberusError } from '@cerberusmesh/contract/errors';
import { type ConfigSources, readConfig } from '../../config.ts';

interface Given {
  readonly env?: Record<string, string>;
  readonly flags?: ConfigSources['flags'];
  readonly files?: Record<string, string>;
}

/** What a configuration is made of, on a machine that has nothing but this. */
export function sources({ env = {}, flags = {}, files = {} }: Given): ConfigSources {
  const known = new Map(Object.entries(files));
  function readFile(path: string): string {
    const text = known.get(path);
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  }
  return { env, flags, readFile, cwd: '/here', home: '/home/me', projectDir: '/checkout' };
}

/** What BAD_CONFIGURATION says, a line each. */
export function faultsOf(given: ConfigSources): string[] {
  try {
    readConfig(given);
  } catch (error) {
    if (error instanceof CerberusError && error.code === 'BAD_CONFIGURATION') return error.detail.split('\n');
    throw error;
  }
  throw new Error('Expected a configuration with faults, came a sound one.');
}
