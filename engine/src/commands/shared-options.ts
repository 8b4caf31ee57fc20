import type { Command } from 'commander';
import { type Config, type ConfigFlags, processSources, readConfig } from '../config.ts';

/** The options that every command takes that needs a configuration. */
export function addConfigOptions(command: Command): Command {
  return command.option('--config <file>', 'the INI file, instead of ./config.ini').option('--debug', 'log everything');
}

/** Only for commands that heed it: to others it is wrong usage, so that nobody touches what he meant to spare. */
export function addDryRunOption(command: Command): Command {
  return command.option('--dry-run', 'record what would be done, touch nothing');
}

/** The configuration as these options, the environment and the INI file give it. @throws CerberusError BAD_CONFIGURATION */
export function readCommandConfig(options: ConfigFlags): Config {
  return readConfig(processSources(options));
}
