import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command } from 'commander';
import { type AuditChain, openAuditChain } from '../compose/audit-chain.ts';
import { withDatabase } from '../compose/open-for-command.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { printable } from '../kit/printable.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { Database } from '../store/database.ts';
import { exportAudit } from '../store/export-audit.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

/** `cerberus audit`: who did what, and whether all of it is still there. */
export function auditCommand(io: CommandIo): Command {
  const command = new Command('audit').description('verify or export the audit log');

  addConfigOptions(command.command('verify'))
    .description('find every entry that was altered, moved, removed or cut off; exit 0 only where there is none')
    .option('--json', 'the report as JSON')
    .action(async (flags: ConfigFlags & { json?: boolean }) => {
      await withChain(flags, io, async (chain) => {
        const report = await chain.verify();
        if (flags.json === true) io.stdout.write(`${JSON.stringify(report)}\n`);
        for (const { kind, seq, explanation } of flags.json === true ? [] : report.faults) {
          io.stdout.write(
            `${kind.replaceAll('_', ' ')}${seq === null ? '' : ` at entry ${seq}`}: ${printable(explanation)}\n`,
          );
        }
        if (!report.sound)
          throw new CerberusError('AUDIT_BROKEN', `${report.faults.length} faults in ${report.entries} entries.`);
        if (flags.json !== true) {
          io.stdout.write(
            `${report.entries} entries and ${report.decisions} decisions, all as they were written; ${report.waiting} not chained yet.\n`,
          );
        }
      });
    });

  addConfigOptions(command.command('export'))
    .description('print the chain as lines of JSON, the last of which signs all before it')
    .action(async (flags: ConfigFlags) => {
      await withChain(flags, io, async (chain, database) => {
        await chain.chain();
        for await (const line of exportAudit(database.pool, chain.signer)) io.stdout.write(line);
      });
    });

  return command;
}

async function withChain(
  flags: ConfigFlags,
  io: CommandIo,
  work: (chain: AuditChain, database: Database) => Promise<void>,
): Promise<void> {
  const config = readCommandConfig(flags);
  await withDatabase({ config, stderr: io.stderr, role: 'audit' }, async (database) => {
    const onFailure = (error: unknown) => void io.stderr.write(`${reasonOf(error)}\n`);
    await work(await openAuditChain({ database, stateDir: config.state.dir, clock: systemClock, onFailure }), database);
  });
}
