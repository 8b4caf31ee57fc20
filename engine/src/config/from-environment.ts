import { resolve } from 'node:path';
import { reasonOf } from '../kit/reason-of.ts';
import { absolute, type GivenValue, type Sources } from './given-value.ts';
import { allSettings, type Setting } from './settings.ts';

/** The values of the variables that the schema names, and of the files that `NAME_FILE` names for secrets. */
export function fromEnvironment(
  sources: Pick<Sources, 'env' | 'readFile' | 'cwd' | 'home'>,
  faults: string[],
  settings: readonly Setting[] = allSettings,
): GivenValue[] {
  return settings.flatMap((setting) => {
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

function fromSecretFile(
  setting: Setting,
  file: string,
  { cwd, readFile }: Pick<Sources, 'cwd' | 'readFile'>,
  faults: string[],
): GivenValue[] {
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
