import { subcommands } from '../../engine/src/commands/subcommands.ts';
import { type DocumentedCommand, listDocuments, readCommands } from './commands-of.ts';
import { findFault } from './find-fault.ts';

/**
 * Prints what is wrong with the commands of the documents and with the examples of `--help`, a line each. By itself, since Node loads all
 * subcommands in a tenth of what tests' loader takes.
 */
const examples: DocumentedCommand[] = subcommands.map(({ name, example }) => ({
  ...{ place: `cerberus ${name} --help`, text: example },
  ...{ isTyped: true, notRun: null },
}));
for (const command of [...listDocuments().flatMap(readCommands), ...examples]) {
  const fault = await findFault(command);
  if (fault !== null) process.stdout.write(`${command.place}: ${command.text}: ${fault}\n`);
}
