import { Command } from 'commander';
import type { ConfigFlags } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { createLog } from '../kit/log.ts';
import { type Engine, startEngine } from '../main.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';

/** `cerberus up`: everything in one process, until Ctrl-C or SIGTERM. */
export function upCommand(io: CommandIo): Command {
  return addConfigOptions(new Command('up'))
    .description('start everything in one process')
    .option('--port <number>', 'where the page and the API listen')
    .action(async (options: ConfigFlags) => {
      const config = readCommandConfig(options);
      const isTerminal = 'isTTY' in io.stdout && io.stdout.isTTY === true;
      const { log, close } = createLog({
        level: config.log.level,
        stdout: io.stdout,
        isTerminal,
        dataDir: config.state.dir,
        file: config.log.file,
      });
      try {
        const engine = await startEngine({ config, clock: systemClock, log, stdout: io.stdout });
        io.stdout.write(`\n  CerberusMesh is up:  ${engine.url}\n  It reads             ${config.cowrie.logPath}\n\n`);
        await untilStopped(engine);
      } finally {
        close();
      }
    });
}

async function untilStopped(engine: Engine): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  try {
    await Promise.race([asked, engine.running]);
  } finally {
    await engine.stop();
  }
}
