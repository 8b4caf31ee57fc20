import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command } from 'commander';
import { readCampaigns } from '../compose/read-campaigns.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { counted } from '../kit/counted.ts';
import { printable } from '../kit/printable.ts';
import { createApiClient } from '../simulate/api-client.ts';
import { type SimulationReport, simulate } from '../simulate/simulate.ts';
import { permitTarget } from '../simulate/target.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';
import { wholeNumber } from './whole-number.ts';

interface SimulateFlags extends ConfigFlags {
  readonly target: string;
  readonly sshPort: number;
  readonly telnetPort: number;
  readonly httpPort: number;
  readonly user: string;
  readonly password: string;
  readonly api?: string;
  readonly sessions: number;
  readonly commands: number;
  readonly seconds: number;
  readonly patience: number;
  readonly json?: boolean;
}

/** `cerberus simulate`: an attacker in a box, and whether what he does goes the whole way through a running engine. */
export function simulateCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('simulate'))
    .description('attack a honeypot of yours as recorded, and check the whole way: seen, assessed, decided, … shown')
    .argument('[campaigns...]', 'names of our recordings, or Cowrie logs; by default all recordings')
    .option('--target <host>', 'loopback, or within CERBERUS_SIMULATE_TARGETS', '127.0.0.1')
    .option('--ssh-port <port>', '0: no SSH', wholeNumber(0, 65_535), 2222)
    .option('--telnet-port <port>', '0: no Telnet', wholeNumber(0, 65_535), 2323)
    .option('--http-port <port>', '0: no HTTP', wholeNumber(0, 65_535), 8088)
    .option('--user <name>', 'the login of the visitor who looks for keys', 'root')
    .option('--password <password>', 'its password', 'Winter-2026')
    .option('--api <url>', 'the engine that should see it; by default the configured one on this machine')
    .option('--sessions <n>', 'play at most so many visits', wholeNumber(1, 500), 50)
    .option('--commands <n>', 'send at most so many commands', wholeNumber(1, 5_000), 500)
    .option('--seconds <n>', 'send nothing after this', wholeNumber(1, 3_600), 300)
    .option('--patience <n>', 'seconds that each link of the chain is waited for', wholeNumber(1, 300), 20)
    .option('--json', 'the report as JSON')
    .action(async (campaigns: string[], flags: SimulateFlags) => {
      const report = await run(campaigns, flags);
      io.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : tell(report));
      const broken = report.steps.filter(({ ok, isHeld }) => !ok && !isHeld).map(({ step }) => step);
      if (!report.ok) throw new CerberusError('SIMULATION_FAILED', `Not as expected: ${broken.join(', ')}.`);
    });
}

async function run(campaigns: readonly string[], flags: SimulateFlags): Promise<SimulationReport> {
  const config = readCommandConfig(flags);
  const { address } = await permitTarget(flags.target, config.simulate.targets);
  const token = config.simulate.token?.reveal();
  if (token === undefined) {
    throw new CerberusError(
      'SIMULATION_FAILED',
      'Without a token nobody tells what was seen: set CERBERUS_API_TOKEN, made by `cerberus token create NAME --role viewer`.',
    );
  }
  const portOf = (port: number) => (port === 0 ? null : port);
  return await simulate({
    address,
    ports: { ssh: portOf(flags.sshPort), telnet: portOf(flags.telnetPort), http: portOf(flags.httpPort) },
    campaigns: await readCampaigns(campaigns, flags.sessions),
    login: { username: flags.user, password: flags.password },
    commandsMax: flags.commands,
    patienceMs: flags.patience * 1000,
    api: createApiClient({ url: flags.api ?? `http://127.0.0.1:${config.http.port}`, token }),
    signal: AbortSignal.timeout(flags.seconds * 1000),
    now: () => systemClock.now().getTime(),
    sleep: (ms) => systemClock.sleep(ms),
  });
}

function tell({ steps, ok, sessions, commands }: SimulationReport): string {
  const lines = steps.map(({ step, ok: isShown, isHeld, expected, came, tookMs }) => {
    const seconds = `${(tookMs / 1000).toFixed(2)} s`.padStart(9);
    return `${isShown ? 'ok   ' : isHeld ? 'held ' : 'FAULT'}  ${step.padEnd(34)} ${seconds}  ${expected} → ${printable(came)}`;
  });
  const held = steps.some(({ isHeld }) => isHeld);
  const whole = held
    ? 'The chain holds as far as it could be asked: no new lure, since the honeypot rests.'
    : 'The whole chain holds.';
  const end = ok ? whole : 'The chain is broken.';
  return `${lines.join('\n')}\n${counted(sessions, 'visit')} and ${counted(commands, 'command')}. ${end}\n`;
}
