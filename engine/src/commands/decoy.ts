import { join } from 'node:path';
import { Command } from 'commander';
import { startConfigured } from '../compose/decoys.ts';
import type { ConfigFlags } from '../config.ts';
import type { CommandIo } from './command-io.ts';
import { openCommandLog } from './command-log.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';
import { untilStopped } from './until-stopped.ts';

/** `cerberus decoy`: the decoy alone, without a database; its log is Cowrie's JSON, for whoever reads that. */
export function decoyCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('decoy'))
    .description('run the decoy alone, without the engine; it writes a log as Cowrie does')
    .action(async (options: ConfigFlags) => {
      const config = readCommandConfig(options);
      const { log, close } = openCommandLog(config, io);
      try {
        const decoy = await startConfigured(config, join(config.state.dir, 'decoys', 'decoy'), log);
        io.stdout.write(
          `\n  ssh -p ${decoy.ports.ssh} root@${config.decoy.host}\n  telnet ${config.decoy.host} ${decoy.ports.telnet}\n  http://${config.decoy.host}:${decoy.ports.http}/\n  It logs to ${decoy.logPath}\n\n`,
        );
        await untilStopped({ running: decoy.ended, stop: decoy.stop });
      } finally {
        close();
      }
    });
}
