import type { Detectability, SensorMarks } from '@cerberusmesh/contract/detectability';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command, InvalidArgumentError } from 'commander';
import type { Place } from '../act/detectability/greeting.ts';
import { measureDetectability } from '../act/detectability/measure.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { printable } from '../kit/printable.ts';
import { permitTarget } from '../simulate/target.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

interface Flags extends ConfigFlags {
  readonly user: string;
  readonly password: string;
  readonly json?: boolean;
}

const visitMs = 120_000;

/** `cerberus detect`: what tells a visitor that a honeypot is one. Several targets are compared with each other too. */
export function detectCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('detect'))
    .description(
      'visit a honeypot as a suspicious attacker would, and say what gives it away; exit 0 only where nothing known does',
    )
    .argument('<HOST:PORT...>', 'SSH servers on loopback, or within CERBERUS_SIMULATE_TARGETS')
    .option('--user <name>', 'log in as', 'root')
    .option('--password <word>', 'log in with', 'hunter2')
    .option('--json', 'the reports as JSON, one a line')
    .action(async (targets: string[], { user, password, json, ...flags }: Flags) => {
      const places = await permitPlaces(targets, flags);
      const others = new Map<string, SensorMarks>();
      let known = 0;
      for (const { target, place } of places) {
        const report = await measureDetectability({
          place,
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

/** All of them before any is visited. */
async function permitPlaces(targets: readonly string[], flags: ConfigFlags) {
  const { simulate } = readCommandConfig(flags);
  const places: { target: string; place: Place }[] = [];
  for (const target of targets) {
    const { host, port } = placeOf(target);
    const { address } = await permitTarget(host, simulate.targets);
    places.push({ target, place: { host: address, port } });
  }
  return places;
}

function placeOf(target: string): Place {
  const [, host = '', port = ''] = /^\[?([\w.:-]+?)\]?:(\d{1,5})$/.exec(target) ?? [];
  if (host === '' || Number(port) > 65_535)
    throw new InvalidArgumentError(`Expected HOST:PORT such as 127.0.0.1:2222, came ${printable(target)}.`);
  return { host, port: Number(port) };
}

function show({ target, score, tells, tested, untested }: Detectability): string {
  const lines = tells.map(
    ({ id, weight, says, saw, fix }) =>
      `${weight === 'known' ? 'KNOWN' : 'odd  '}  ${id}: ${says}\n       Seen: ${printable(saw)}\n       Fix: ${fix}\n`,
  );
  const not =
    untested.length === 0 ? '' : `${untested.length} tests could not be made: ${printable(untested[0]?.why ?? '')}\n`;
  // Whoever was not let in has not seen everything.
  const known = `score ${untested.length === 0 ? '' : 'at least '}${score} (0 is best)`;
  return `${target}: ${known}, ${tells.length} tells in ${tested.length} tests\n${lines.join('')}${not}`;
}
