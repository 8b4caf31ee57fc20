import { CerberusError } from '@cerberusmesh/contract/errors';
import { Command } from 'commander';
import { version } from '../compose/project.ts';
import { type Config, type ConfigFlags, processSources } from '../config.ts';
import { enrol, readInvitation } from '../sensor/enrol.ts';
import { isEnrolled, readEnrolment } from '../sensor/enrolment.ts';
import { becomeSmall } from './become-small.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';
import { runSmallSensor } from './small-sensor.ts';

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

/** All that runs on is loaded here already: so it is in the cache, and a first start compiles nothing in the small process. */
async function run({ state, cowrie, log, mesh }: Config, io: CommandIo): Promise<void> {
  if (readEnrolment(state.dir).sensor === null)
    throw new CerberusError('BAD_CONFIGURATION', 'This sensor began to enrol and did not end: enrol it again.');
  const { dir, host, port } = cowrie;
  const settings = {
    ...{ version, stateDir: state.dir, logPath: cowrie.logPath, spoolBytesMax: mesh.spoolMb * mebibyte },
    cowrie: dir === null ? null : { dir, host, port },
    log: { level: log.level, file: log.file },
  };
  becomeSmall(settings, processSources({}).env);
  await runSmallSensor({ ...settings, launcherPid: null }, io.stdout);
}
