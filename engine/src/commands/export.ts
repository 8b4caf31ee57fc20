import { Command } from 'commander';
import { policyFileOf, readPolicyFile } from '../compose/compose-decide.ts';
import { composeLockDown } from '../compose/lock-down.ts';
import { openConfiguredDatabase } from '../compose/open-database.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

/** `cerberus export`: what other programs take from us. */
export function exportCommand(io: CommandIo): Command {
  const command = new Command('export').description('write what other programs take from us');
  addConfigOptions(command.command('blocklist'))
    .description('addresses to block now, one a line: what GET /api/feeds/blocklist gives')
    .option('--json', 'one JSON object per line, with why and until when')
    .action(async (options: ConfigFlags & { json?: boolean }) => {
      const config = readCommandConfig(options);
      const log = { info: () => undefined, warn: (_: object, sentence: string) => io.stderr.write(`${sentence}\n`) };
      const database = await openConfiguredDatabase({ config, clock: systemClock, log, role: 'export' });
      try {
        const policy = await readPolicyFile(policyFileOf(config));
        const { readBlocklist } = composeLockDown({ config, database, clock: systemClock, policy: () => policy });
        for (const blocked of await readBlocklist()) {
          io.stdout.write(`${options.json === true ? JSON.stringify(blocked) : blocked.address}\n`);
        }
      } finally {
        await database.close();
      }
    });
  return command;
}
