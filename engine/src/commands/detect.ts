import type { Detectability, SensorMarks } from '@cerberusmesh/contract/detectability';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command, InvalidArgumentError } from 'commander';
import { measureDetectability } from '../act/detectability/measure.ts';
import { systemClock } from '../kit/clock.ts';
import { printable } from '../kit/printable.ts';
import type { CommandIo } from './command-io.ts';

interface Flags {
  readonly user: string;
  readonly password: string;
  readonly json?: boolean;
}

const visitMs = 120_000;

/** `cerberus detect`: what tells a visitor that a honeypot is one. Several targets are compared with each other too. */
export function detectCommand(io: CommandIo): Command {
  return new Command('detect')
    .description(
      'visit a honeypot as a suspicious attacker would, and say what gives it away; exit 0 only where nothing known does',
    )
    .argument('<HOST:PORT...>', 'SSH servers; only test what is yours')
    .option('--user <name>', 'log in as', 'root')
    .option('--password <word>', 'log in with', 'hunter2')
    .option('--json', 'the reports as JSON, one a line')
    .action(async (targets: string[], { user, password, json }: Flags) => {
      const others = new Map<string, SensorMarks>();
      let known = 0;
      for (const target of targets) {
        const report = await measureDetectability({
          place: placeOf(target),
          credentials: { username: user, password },
          ...{ sensor: null, ident: 'OpenSSH_9.2p1 Debian-2+deb12u2', others },
          now: () => systemClock.now(),
          signal: AbortSignal.timeout(visitMs),
        }).catch((error: Error) => {
          throw new CerberusError('PROBE_FAILED', `${target}: ${error.message}`, error);
        });
        others.set(target, report.marks);
        known += report.tells.filter(({ weight }) => weight === 'known').length + report.untested.length;
        io.stdout.write(json === true ? `${JSON.stringify(report)}\n` : show(report));
      }
      if (known > 0)
        throw new CerberusError(
          'UNSOUND',
          `${known} ${known === 1 ? 'thing gives' : 'things give'} it away or could not be tested.`,
        );
    });
}

function placeOf(target: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^\[?([\w.:-]+?)\]?:(\d{1,5})$/.exec(target) ?? [];
  if (host === '' || Number(port) > 65_535) throw new InvalidArgumentError(`${target} is not HOST:PORT.`);
  return { host, port: Number(port) };
}

function show({ target, score, tells, tested, untested }: Detectability): string {
  const lines = tells.map(
    ({ id, weight, says, saw, fix }) =>
      `${weight === 'known' ? 'KNOWN' : 'odd  '}  ${id}: ${says}\n       Seen: ${printable(saw)}\n       Fix: ${fix}\n`,
  );
  const not =
    untested.length === 0 ? '' : `${untested.length} tests could not be made: ${printable(untested[0]?.why ?? '')}\n`;
  return `${target}: score ${score} (0 is best), ${tells.length} tells in ${tested.length} tests\n${lines.join('')}${not}`;
}
