import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { EnrolAnswer, invitationPattern } from '@cerberusmesh/contract/mesh';
import { Command } from 'commander';
import { version } from '../compose/project.ts';
import { logTail } from '../compose/tail-log.ts';
import type { Config, ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { onStopSignals } from '../kit/stop-signals.ts';
import { beginEnrolment, readEnrolment, writeEnrolment } from '../sensor/enrolment.ts';
import { createHubClient } from '../sensor/hub-client.ts';
import { runSensor } from '../sensor/run-sensor.ts';
import type { CommandIo } from './command-io.ts';
import { openCommandLog } from './command-log.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

const mebibyte = 1024 * 1024;
const enrolTimeoutMs = 20_000;

/** `cerberus sensor`: follows Cowrie's log and ships it to a hub, until Ctrl-C or SIGTERM; `enrol` makes the two known to each other. */
export function sensorCommand(io: CommandIo): Command {
  const command = addConfigOptions(new Command('sensor'))
    .description(
      "ship Cowrie's log (COWRIE_LOG_PATH) to the hub that this sensor is enrolled at, and do what it orders",
    )
    .action(async (options: ConfigFlags) => await run(readCommandConfig(options), io));

  addConfigOptions(command.command('enrol'))
    .description('make this sensor known to a hub, with what `cerberus sensors invite` printed there')
    .argument('<hub>', 'its address: https://hub.example.org:7443')
    .requiredOption('--token <invitation>', 'good once, for a day')
    .requiredOption('--fingerprint <SHA256:…>', "of the hub's certificate; no other will ever be spoken to")
    .action(async (hub: string, flags: ConfigFlags & { token: string; fingerprint: string }) => {
      const sensor = await enrol(readCommandConfig(flags), { ...flags, hub: hubAddress(hub) });
      io.stdout.write(`Enrolled as "${sensor}". Start it: cerberus sensor\n`);
    });
  return command;
}

async function enrol(
  config: Config,
  { hub, token, fingerprint }: { readonly hub: string; readonly token: string; readonly fingerprint: string },
): Promise<string> {
  if (!invitationPattern.test(token))
    throw new CerberusError(
      'VALIDATION_FAILED',
      'The token is not one of `cerberus sensors invite`: ci_ and 43 letters.',
    );
  const begun = beginEnrolment(config.state.dir, hub, fingerprint);
  const client = createHubClient({ hub, fingerprint: begun.fingerprint });
  try {
    const body = Buffer.from(JSON.stringify({ invitation: token, secret: begun.secret }));
    const json = { 'content-type': 'application/json' };
    const answer = await client.post('/mesh/enrol', body, json, AbortSignal.timeout(enrolTimeoutMs));
    if (answer.status === 401)
      throw new CerberusError(
        'HUB_REFUSED',
        'This invitation is unknown, was used, or is older than a day: ask for another.',
      );
    const answered = EnrolAnswer.safeParse(answer.body);
    if (!answered.success) throw new CerberusError('HUB_REFUSED', `It answered ${answer.status}; is this a hub?`);
    writeEnrolment(config.state.dir, { ...begun, sensor: answered.data.sensor });
    return answered.data.sensor;
  } finally {
    client.close();
  }
}

async function run(config: Config, io: CommandIo): Promise<void> {
  const enrolment = readEnrolment(config.state.dir);
  if (enrolment.sensor === null)
    throw new CerberusError('BAD_CONFIGURATION', 'This sensor began to enrol and did not end: enrol it again.');
  const { log, close } = openCommandLog(config, io);
  const stopping = new AbortController();
  const listenNoLonger = onStopSignals({
    source: process,
    clock: systemClock,
    stop: () => stopping.abort(),
    hurry: () => process.exit(1),
  });
  const { logPath, dir, host, port } = config.cowrie;
  log.info({ sensor: enrolment.sensor, hub: enrolment.hub, log: logPath }, 'The sensor is up.');
  try {
    await runSensor({
      ...{ enrolment, logPath, version, log, clock: systemClock, signal: stopping.signal },
      cowrie: dir === null ? null : { dir, host, port },
      spoolDir: join(config.state.dir, 'spool'),
      spoolBytesMax: config.mesh.spoolMb * mebibyte,
      telemetry: logTail(log),
    });
  } finally {
    listenNoLonger();
    close();
  }
}

function hubAddress(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol === 'https:') return url.origin;
  throw new CerberusError('VALIDATION_FAILED', `Expected https://host:port, came ${JSON.stringify(given)}.`);
}
