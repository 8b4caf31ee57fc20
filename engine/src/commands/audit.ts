import { createPublicKey, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AuditFault } from '@cerberusmesh/contract/audit';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command } from 'commander';
import { type AuditChain, createAuditSigner, openAuditChain } from '../compose/audit-chain.ts';
import { findInstallKey } from '../compose/install-key.ts';
import { withDatabase } from '../compose/open-for-command.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { counted } from '../kit/counted.ts';
import { printable } from '../kit/printable.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { Signer } from '../kit/signer.ts';
import type { Database } from '../store/database.ts';
import { exportAudit } from '../store/export-audit.ts';
import { verifyExport } from '../store/verify-export.ts';
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
        for (const one of flags.json === true ? [] : report.faults) io.stdout.write(`${toLine(one)}\n`);
        if (!report.sound)
          throw new CerberusError(
            'AUDIT_BROKEN',
            `${counted(report.faults.length, 'fault')} in ${entriesOf(report.entries)}.`,
          );
        if (flags.json !== true) {
          io.stdout.write(
            `${entriesOf(report.entries)} and ${counted(report.decisions, 'decision')}, all as they were written; ${report.waiting} not chained yet.\n`,
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

  addConfigOptions(command.command('key'))
    .description("print the public key of this installation's signatures, for whoever checks an export elsewhere")
    .action(async (flags: ConfigFlags) => {
      io.stdout.write((await findOwnSigner(flags)).publicKey);
    });

  addConfigOptions(command.command('verify-export'))
    .description('check an export: its signature, and that no entry was altered, moved or removed; needs no database')
    .argument('<file>', 'what `cerberus audit export` printed')
    .option('--key <file>', 'the public key that `cerberus audit key` printed; else that of the installation here')
    .action(async (file: string, { key, ...flags }: ConfigFlags & { key?: string }) => {
      const pem = key === undefined ? (await findOwnSigner(flags)).publicKey : await readFile(key, 'utf8');
      const { entries, faults } = await verifyExport(createReadStream(file, 'utf8'), readPublicKey(pem, key));
      for (const one of faults) io.stdout.write(`${toLine(one)}\n`);
      if (faults.length > 0)
        throw new CerberusError('AUDIT_BROKEN', `${counted(faults.length, 'fault')} in ${entriesOf(entries)}.`);
      io.stdout.write(`${entriesOf(entries)}, all as they were signed.\n`);
    });

  return command;
}

function entriesOf(count: number): string {
  return counted(count, 'entry', 'entries');
}

function toLine({ kind, seq, explanation }: AuditFault): string {
  return `${kind.replaceAll('_', ' ')}${seq === null ? '' : ` at entry ${seq}`}: ${printable(explanation)}`;
}

/** Makes none: a key that was drawn just now has signed nothing. */
async function findOwnSigner(flags: ConfigFlags): Promise<Signer> {
  const { dir } = readCommandConfig(flags).state;
  const installKey = await findInstallKey(dir);
  if (installKey) return createAuditSigner(installKey);
  throw new CerberusError(
    'NOT_FOUND',
    `There is no install.key in ${dir}: set CERBERUS_DATA_DIR, or name a key by --key.`,
  );
}

function readPublicKey(pem: string, place: string | undefined): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (error) {
    throw new CerberusError('VALIDATION_FAILED', `${place} holds no public key in PEM: ${reasonOf(error)}`);
  }
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
