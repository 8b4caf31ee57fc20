import type { DoctorReport } from '@cerberusmesh/contract/doctor';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command } from 'commander';
import { examine, examineFaults } from '../compose/doctor/examine.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { printable } from '../kit/printable.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

/** `cerberus doctor`: what keeps this installation from working, and the fix of each in one line. */
export function doctorCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('doctor'))
    .description('find what is wrong and say the fix in one line each; exit 0 only where all is sound')
    .option('--json', 'the report as JSON')
    .action(async (flags: ConfigFlags & { json?: boolean }) => {
      const report = await examineConfigured(flags);
      io.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : show(report));
      const faults = report.findings.filter(({ state }) => state === 'fault').length;
      if (!report.sound)
        throw new CerberusError('UNSOUND', `${faults} ${faults === 1 ? 'thing needs' : 'things need'} mending.`);
    });
}

async function examineConfigured(flags: ConfigFlags): Promise<DoctorReport> {
  try {
    return await examine(readCommandConfig(flags), systemClock);
  } catch (error) {
    if (error instanceof CerberusError && error.code === 'BAD_CONFIGURATION') return examineFaults(error.detail);
    throw error;
  }
}

const signs = { sound: 'ok   ', off: '-    ', fault: 'FAULT' };

function show({ findings }: DoctorReport): string {
  return findings
    .map(({ check, state, says, fix }) => {
      const line = `${signs[state]}  ${check.padEnd(22)} ${printable(says)}\n`;
      return fix === null ? line : `${line}       ${''.padEnd(22)} Fix: ${printable(fix)}\n`;
    })
    .join('');
}
