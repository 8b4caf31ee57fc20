import { listDocuments, readCommands } from './commands-of.ts';
import { findFault } from './find-fault.ts';

/** Prints what is wrong with the documents' commands, a line each. By itself, since Node loads all subcommands in a tenth of what tests' loader takes. */
for (const command of listDocuments().flatMap(readCommands)) {
  const fault = await findFault(command);
  if (fault !== null) process.stdout.write(`${command.place}: ${command.text}: ${fault}\n`);
}
