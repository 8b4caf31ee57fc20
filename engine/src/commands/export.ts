import { Command } from 'commander';
import { policyFileOf, readPolicyFile } from '../compose/compose-decide.ts';
import { composeLockDown } from '../compose/lock-down.ts';
import { withDatabase } from '../compose/open-for-command.ts';
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
      await withDatabase({ config, stderr: io.stderr, role: 'export' }, async (database) => {
        const policy = await readPolicyFile(policyFileOf(config));
        const { readBlocklist } = composeLockDown({ config, database, clock: systemClock, policy: () => policy });
        for (const blocked of await readBlocklist()) {
          io.stdout.write(`${options.json === true ? JSON.stringify(blocked) : blocked.address}\n`);
        }
      });
    });
  return command;
}
