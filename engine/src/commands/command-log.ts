import type { Config } from '../config.ts';
import { createLog } from '../kit/log.ts';
import type { CommandIo } from './command-io.ts';

/** The log of a command that runs on: for people at a terminal, JSON elsewhere, and into the state folder's file. */
export function openCommandLog({ log, state }: Pick<Config, 'log' | 'state'>, { stdout }: Pick<CommandIo, 'stdout'>) {
  return createLog({
    level: log.level,
    stdout,
    isTerminal: 'isTTY' in stdout && stdout.isTTY === true,
    dataDir: state.dir,
    file: log.file,
  });
}
