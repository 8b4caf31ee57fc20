import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command } from 'commander';
import { version } from '../compose/project.ts';
import { logTail } from '../compose/tail-log.ts';
import type { Config, ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { onStopSignals } from '../kit/stop-signals.ts';
import { enrol, readInvitation } from '../sensor/enrol.ts';
import { isEnrolled, readEnrolment } from '../sensor/enrolment.ts';
import { runSensor } from '../sensor/run-sensor.ts';
import type { CommandIo } from './command-io.ts';
import { openCommandLog } from './command-log.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

const mebibyte = 1024 * 1024;

/** `cerberus sensor`: follows Cowrie's log and ships it to a hub, until Ctrl-C or SIGTERM; `enrol` makes the two known to each other. */
export function sensorCommand(io: CommandIo): Command {
  const command = addConfigOptions(new Command('sensor'))
    .description(
      "ship Cowrie's log (COWRIE_LOG_PATH) to the hub that this sensor is enrolled at, and do what it orders",
    )
    .option(
      '--invitation <file>',
      'enrol first, where it is not, with what `cerberus sensors invite` printed at the hub',
    )
    .action(async (options: ConfigFlags & { invitation?: string }) => {
      const config = readCommandConfig(options);
      if (options.invitation !== undefined && !isEnrolled(config.state.dir))
        await enrol(config.state.dir, readInvitation(options.invitation));
      await run(config, io);
    });

  addConfigOptions(command.command('enrol'))
    .description('make this sensor known to a hub, with what `cerberus sensors invite` printed there')
    .argument('<hub>', 'its address: https://hub.example.org:7443')
    .requiredOption('--token <invitation>', 'good once, for a day')
    .requiredOption('--fingerprint <SHA256:…>', "of the hub's certificate; no other will ever be spoken to")
    .action(async (hub: string, flags: ConfigFlags & { token: string; fingerprint: string }) => {
      const sensor = await enrol(readCommandConfig(flags).state.dir, { ...flags, hub });
      io.stdout.write(`Enrolled as "${sensor}". Start it: cerberus sensor\n`);
    });
  return command;
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
