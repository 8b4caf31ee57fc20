import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { recordedSensor } from '../collect/recorded-visits.ts';
import { examineHere } from '../compose/doctor/examine-here.ts';
import { abandon, giveHeadStart } from '../compose/head-start.ts';
import type { Config, ConfigFlags } from '../config.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Engine } from '../main.ts';
import type { CommandIo } from './command-io.ts';
import { openCommandLog } from './command-log.ts';
import { addConfigOptions, addDryRunOption, readCommandConfig } from './shared-options.ts';
import { untilStopped } from './until-stopped.ts';

interface UpFlags extends ConfigFlags {
  readonly demo?: boolean;
}

/** `cerberus up`: everything in one process, until Ctrl-C or SIGTERM. */
export function upCommand(io: CommandIo): Command {
  return addDryRunOption(addConfigOptions(new Command('up')))
    .description('start everything in one process')
    .option('--port <number>', 'where the page and the API listen')
    .option('--demo', 'also play our own recordings as a live attack')
    .action(async (options: UpFlags) => {
      const config = readCommandConfig(options);
      const { log, close } = openCommandLog(config, io);
      try {
        const engine = await startAhead({ config, clock: systemClock, log }, options.demo === true, io);
        io.stdout.write(`\n  CerberusMesh is up:  ${engine.url}\n`);
        const { logPath } = config.cowrie;
        io.stdout.write(
          existsSync(logPath)
            ? `  It reads             ${logPath}\n`
            : `  It waits for         ${logPath}, which is not there yet (COWRIE_LOG_PATH names another)\n`,
        );
        if (engine.hub !== null)
          io.stdout.write(
            `  Sensors come in at   ${engine.hub.url}\n  with the pin         ${engine.hub.fingerprint}\n`,
          );
        const invitation = engine.decoy();
        if (invitation !== null) io.stdout.write(`  Be the attacker      ${invitation}\n`);
        if (options.demo) io.stdout.write(`  It also plays        our recordings, as sensor "${recordedSensor}"\n`);
        for (const { check, says, fix } of await examineHere(config, systemClock))
          io.stdout.write(`  To mend              ${check}: ${says} ${fix}\n`);
        io.stdout.write('\n');
        await untilStopped(engine);
      } finally {
        close();
      }
    });
}

/** Loads what the engine is made of while its processes come up. */
async function startAhead(
  parts: { readonly config: Config; readonly clock: Clock; readonly log: Log },
  demo: boolean,
  { stdout }: Pick<CommandIo, 'stdout'>,
): Promise<Engine> {
  const headStart = await giveHeadStart(parts);
  const { startEngine } = await import('../main.ts').catch(async (error: unknown) => {
    await abandon(headStart);
    throw error;
  });
  return await startEngine({ ...parts, headStart, demo, stdout });
}
