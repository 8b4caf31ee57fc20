import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command } from 'commander';
import { configPath, readManifest } from '../act/cowrie/manifest.ts';
import { findContradictions } from '../act/cowrie/persona/check.ts';
import { currentPersona } from '../act/cowrie/persona/current.ts';
import type { CommandIo } from './command-io.ts';

/** `cerberus persona <cowrie dir>`: which machine a prepared Cowrie says it is, and whether all of it says the same. */
export function personaCommand(io: CommandIo): Command {
  return new Command('persona')
    .description('say which machine a prepared Cowrie is, and where it contradicts itself')
    .argument('<cowrie dir>', 'the folder in which `cowrie start` is run')
    .action(async (place: string) => {
      const dir = resolve(place);
      const manifest = await readManifest(dir);
      if (!manifest) throw new CerberusError('COWRIE_NOT_PREPARED', `Run: cerberus prepare ${dir}`);
      const now = currentPersona(manifest, await readFile(join(dir, configPath), 'utf8'));
      const list = manifest.personas.map(({ id, hostname }) => `${id === now?.id ? '*' : ' '} ${id}  ${hostname}`);
      const faults = await findContradictions(dir);
      io.stdout.write(`${[...list, ...faults.map((fault) => `contradiction: ${fault}`)].join('\n')}\n`);
      if (faults.length > 0)
        throw new CerberusError('CONFLICT', `This Cowrie contradicts itself in ${faults.length} places.`);
    });
}
