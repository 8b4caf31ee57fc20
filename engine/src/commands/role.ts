import { Command } from 'commander';
import type { Role } from '../compose/streams/roles.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { startEngine } from '../main.ts';
import type { CommandIo } from './command-io.ts';
import { openCommandLog } from './command-log.ts';
import { addConfigOptions, addDryRunOption, readCommandConfig } from './shared-options.ts';
import { untilStopped } from './until-stopped.ts';

/** `cerberus ingest`: reads sources and hands their lines to the workers. */
export const ingestCommand = roleCommand('ingest', 'read sources, and hand their lines to the workers over Redis');
/** `cerberus worker`: one of as many as there is work for. */
export const workerCommand = roleCommand('worker', 'assess, decide and store what the ingests hand over');
/** `cerberus serve`: the page and the API alone. */
export const serveCommand = roleCommand('serve', 'the page and the API; what is pushed to it is handed to the workers');

function roleCommand(role: Exclude<Role, 'up'>, does: string) {
  return (io: CommandIo): Command =>
    addDryRunOption(addConfigOptions(new Command(role)))
      .description(`${does}; needs REDIS_URL`)
      .option('--port <number>', 'where it answers; 0 for any free one')
      .action(async (options: ConfigFlags) => {
        const config = readCommandConfig(options);
        const { log, close } = openCommandLog(config, io);
        try {
          const engine = await startEngine({ config, clock: systemClock, log, demo: false, role, stdout: io.stdout });
          io.stdout.write(`cerberus ${role} is up: ${engine.url}\n`);
          if (engine.hub !== null)
            io.stdout.write(`Sensors come in at ${engine.hub.url}, pin ${engine.hub.fingerprint}\n`);
          await untilStopped(engine);
        } finally {
          close();
        }
      });
}
