import { CerberusError, errorCatalogue } from '@cerberusmesh/contract/errors';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { CommandIo } from './commands/command-io.ts';
import { type Subcommand, subcommands } from './commands/subcommands.ts';

/** Runs `cerberus <argv>`. @returns the exit code: 0 done, 1 failed with one clear line on stderr, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  const io: CommandIo = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
  try {
    const program = await createProgram(argv[0], io);
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    return report(error, io);
  }
}

/** The command line with the subcommand that is asked for; without one, with the names of all. */
export async function createProgram(name: string | undefined, io: CommandIo): Promise<Command> {
  const program = new Command('cerberus').description('CerberusMesh, an adaptive honeynet.').version('0.1.0');
  const asked = subcommands.find(
    (subcommand) => name !== undefined && [subcommand.name, subcommand.alias].includes(name),
  );
  if (asked) program.addCommand(withExample((await asked.load())(io), asked));
  else for (const { name, does } of subcommands) program.command(name).description(does);
  for (const command of [program, ...program.commands.flatMap((child) => [child, ...child.commands])]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
  }
  return program;
}

function withExample(command: Command, { alias, example }: Subcommand): Command {
  if (alias !== undefined) command.alias(alias);
  return command.addHelpText('after', `\nExample:\n  ${example}`);
}

function report(error: unknown, io: CommandIo): number {
  // Thrown by a command itself: where a parser of Commander's throws it, Commander tells it and throws another.
  if (error instanceof InvalidArgumentError) {
    io.stderr.write(`error: ${error.message}\n`);
    return 2;
  }
  // Commander has said its sentence already; its own exit codes are 0 (help was asked for) and 1 (wrong usage).
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CerberusError) {
    io.stderr.write(`cerberus: ${errorCatalogue[error.code].message} ${error.detail}\n`);
    return 1;
  }
  io.stderr.write(`cerberus: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
