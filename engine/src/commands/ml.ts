import { Command } from 'commander';
import { serveMl } from '../compose/serve-ml.ts';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import type { CommandIo } from './command-io.ts';
import { openCommandLog } from './command-log.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';
import { untilStopped } from './until-stopped.ts';

/** `cerberus ml`: the classifier as a service, until Ctrl-C or SIGTERM. */
export function mlCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('ml'))
    .description('serve the models: POST /classify, GET /health, POST /train')
    .option('--no-database', 'only classify: no training, and the shipped models')
    .action(async (options: ConfigFlags & { readonly database: boolean }) => {
      const config = readCommandConfig(options);
      const { log, close } = openCommandLog(config, io);
      try {
        const served = await serveMl({ config, clock: systemClock, log, withDatabase: options.database });
        io.stdout.write(`The ML service is up: ${served.url}\n`);
        await untilStopped({ stop: served.close });
      } finally {
        close();
      }
    });
}
