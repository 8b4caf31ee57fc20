import { Command } from 'commander';
import { openConfiguredDatabase } from '../compose/open-database.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

/** `cerberus migrate`: brings the configured (or embedded) database to this version, and says what it did. */
export function migrateCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('migrate'))
    .description('bring the database to this version')
    .action(async (options: ConfigFlags) => {
      const config = readCommandConfig(options);
      const said: string[] = [];
      const log = {
        info: (fields: object, sentence: string) => said.push(`${sentence} ${describe(fields)}`.trim()),
        warn: (_fields: object, sentence: string) => io.stderr.write(`${sentence}\n`),
      };
      const database = await openConfiguredDatabase({ config, clock: systemClock, log, role: 'migrate' });
      await database.close();
      io.stdout.write(`${said.join('\n') || 'The database is at this version already.'}\n`);
    });
}

function describe(fields: object): string {
  return 'applied' in fields && Array.isArray(fields.applied) ? fields.applied.join(', ') : '';
}
