import { resolve } from 'node:path';
import type { BackupEnd } from '@cerberusmesh/contract/backup';
import { Command } from 'commander';
import { openBackup } from '../compose/backup/check-backup.ts';
import { makeBackup } from '../compose/backup/make-backup.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { counted } from '../kit/counted.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

interface BackupFlags extends ConfigFlags {
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `cerberus backup FILE`: the whole state in one sealed file, while the engine may go on running. */
export function backupCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('backup'))
    .description('keep the whole state (database, keys, evidence) in one sealed file; the engine may go on running')
    .argument('<file>')
    .option('--check', 'make none, but read that file to its end and say whether it is whole')
    .option('--json', 'the report as JSON')
    .action(async (file: string, flags: BackupFlags) => {
      const config = readCommandConfig(flags);
      const path = resolve(file);
      if (flags.check === true) {
        const backup = await openBackup(path, config.state.masterKey);
        try {
          const report = { ...(await backup.check()), createdAt: backup.manifest.createdAt };
          io.stdout.write(
            flags.json === true
              ? `${JSON.stringify(report)}\n`
              : `${path} is whole: ${sumUp(report)}, as of ${report.createdAt}.\n`,
          );
        } finally {
          await backup.close();
        }
        return;
      }
      const report = await makeBackup(path, { config, clock: systemClock });
      if (flags.json === true) return void io.stdout.write(`${JSON.stringify(report)}\n`);
      io.stdout.write(`${path} holds ${sumUp(report)}.\n`);
      io.stdout.write(
        report.keyFile === null
          ? 'It opens with the CERBERUS_MASTER_KEY that is set now.\n'
          : `It opens only with ${report.keyFile}: keep that in another place.\n`,
      );
    });
}

/** @returns `41 tables with 1234 rows and 12 files` */
export function sumUp({ tables, files }: BackupEnd): string {
  const rows = Object.values(tables).reduce((sum, each) => sum + each, 0);
  return [
    counted(Object.keys(tables).length, 'table'),
    `with ${counted(rows, 'row')}`,
    `and ${counted(files, 'file')}`,
  ].join(' ');
}
