import { resolve } from 'node:path';
import { Command } from 'commander';
import { restoreBackup } from '../compose/backup/restore-backup.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { sumUp } from './backup.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

/** `cerberus restore FILE`: a backup into an empty state folder and an empty database. */
export function restoreCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('restore'))
    .description('put a backup into an empty state folder and an empty database, and bring it to this version')
    .argument('<file>')
    .option('--json', 'the report as JSON')
    .action(async (file: string, flags: ConfigFlags & { json?: boolean }) => {
      const config = readCommandConfig(flags);
      const report = await restoreBackup(resolve(file), { config, clock: systemClock });
      if (flags.json === true) return void io.stdout.write(`${JSON.stringify(report)}\n`);
      const brought = report.applied.length > 0 ? `, brought to version ${report.version}` : '';
      io.stdout.write(`Restored ${sumUp(report)}, as of ${report.createdAt}${brought}, into ${config.state.dir}.\n`);
    });
}
