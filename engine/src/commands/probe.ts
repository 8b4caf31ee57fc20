import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Sighting } from '@cerberusmesh/contract/adaptation';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command } from 'commander';
import { expectedLooks, sshAddress } from '../act/cowrie/expectation.ts';
import { announcerOf } from '../act/cowrie/plugin/announce.ts';
import { createProbe, type ProbeTarget } from '../act/cowrie/probe.ts';
import { acceptedCredentials, type Credentials } from '../act/cowrie/user-db.ts';
import { openInstallKey } from '../compose/install-key.ts';
import type { ConfigFlags } from '../config.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

interface ProbeFlags extends ConfigFlags {
  readonly cowrie?: string;
  readonly user?: string;
  readonly password?: string;
  readonly json?: boolean;
  readonly timeoutSeconds: string;
}

/** `cerberus probe <host:port | cowrie dir>`: visits as an attacker would and compares with what stands on disk. */
export function probeCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('probe'))
    .description('visit a honeypot as an attacker would, and say what is seen')
    .argument('<place>', 'host:port of its SSH, or the folder of a prepared Cowrie')
    .option('--cowrie <dir>', 'the folder of the prepared Cowrie behind host:port, to compare with')
    .option('--user <name>', 'log in as this user; by default one that Cowrie lets in')
    .option('--password <password>', 'its password')
    .option('--timeout-seconds <seconds>', 'give up after this', '30')
    .option('--json', 'one JSON object instead of lines')
    .action(async (place: string, flags: ProbeFlags) => {
      const { target, cowrieDir } = await findTarget(place, flags);
      const probe = createProbe({
        key: await openInstallKey(readCommandConfig(flags).state.dir),
        now: () => new Date(),
        announce: announcerOf(cowrieDir),
      });
      const signal = AbortSignal.timeout(secondsOf(flags.timeoutSeconds) * 1000);
      const sighting = await probe.look(target, await expectedLooks(cowrieDir), signal);
      io.stdout.write(flags.json ? `${JSON.stringify(sighting)}\n` : tell(sighting));
      if (!sighting.verified) throw new CerberusError('PROBE_FAILED', sighting.why);
    });
}

async function findTarget(place: string, flags: ProbeFlags): Promise<{ target: ProbeTarget; cowrieDir: string }> {
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(place) ?? [];
  const isFolder = await stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder || host === undefined) {
    const cowrieDir = resolve(place);
    const address = await sshAddress(cowrieDir);
    return { cowrieDir, target: { ...address, credentials: await credentialsFor(cowrieDir, flags) } };
  }
  if (flags.cowrie === undefined) {
    throw new CerberusError(
      'PROBE_FAILED',
      `Nothing is known of ${place} to compare with; name its folder: --cowrie <dir>.`,
    );
  }
  const cowrieDir = resolve(flags.cowrie);
  return { cowrieDir, target: { host, port: Number(port), credentials: await credentialsFor(cowrieDir, flags) } };
}

async function credentialsFor(cowrieDir: string, { user, password }: ProbeFlags): Promise<Credentials> {
  if (user !== undefined && password !== undefined) return { username: user, password };
  return await acceptedCredentials(cowrieDir);
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 600) return seconds;
  throw new CerberusError('PROBE_FAILED', `--timeout-seconds takes a number from 1 to 600, and "${text}" came.`);
}

function tell({ sights, verified, why, tookMs }: Sighting): string {
  const lines = sights.map(
    (sight) => `${sight.verified ? 'as planted' : 'DIFFERENT '}  ${sight.path}  ${printable(sight.why)}`,
  );
  return `${[...lines, `${verified ? 'Verified' : 'Not verified'} in ${tookMs} ms: ${printable(why)}`].join('\n')}\n`;
}

/** A honeypot may be somebody else's by now: what it says must not act on this terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is made visible.
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}
