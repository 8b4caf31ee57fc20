import { CerberusError, errorCatalogue } from '@cerberusmesh/contract/errors';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { CommandIo } from './commands/command-io.ts';

/** Each subcommand's file is loaded only when it is asked for: `cerberus assess` does not wait for the web server's code. */
const subcommands: readonly Subcommand[] = [
  {
    name: 'up',
    does: 'start everything in one process (what `npm start` runs)',
    load: async () => (await import('./commands/up.ts')).upCommand,
  },
  {
    name: 'ingest',
    does: 'one of many machines: read sources, hand their lines to the workers',
    load: async () => (await import('./commands/role.ts')).ingestCommand,
  },
  {
    name: 'worker',
    does: 'one of many machines: assess, decide and store what ingests hand over',
    load: async () => (await import('./commands/role.ts')).workerCommand,
  },
  {
    name: 'serve',
    does: 'one of many machines: the page and the API',
    load: async () => (await import('./commands/role.ts')).serveCommand,
  },
  {
    name: 'replay',
    does: 'store Cowrie logs exactly once: plain, .gz, .bz2',
    load: async () => (await import('./commands/replay.ts')).replayCommand,
  },
  {
    name: 'search',
    does: 'find events, sessions or attackers, as the dashboard does',
    load: async () => (await import('./commands/search.ts')).searchCommand,
  },
  {
    name: 'sensor',
    does: 'beside a honeypot: ship its log to a hub elsewhere, and do what that orders',
    load: async () => (await import('./commands/sensor.ts')).sensorCommand,
  },
  {
    name: 'sensors',
    does: 'at the hub: invite, list and revoke sensors',
    load: async () => (await import('./commands/sensors.ts')).sensorsCommand,
  },
  {
    name: 'migrate',
    does: 'bring the database to this version',
    load: async () => (await import('./commands/migrate.ts')).migrateCommand,
  },
  {
    name: 'backup',
    does: 'keep the whole state in one sealed file, while the engine runs',
    load: async () => (await import('./commands/backup.ts')).backupCommand,
  },
  {
    name: 'restore',
    does: 'put a backup into an empty place',
    load: async () => (await import('./commands/restore.ts')).restoreCommand,
  },
  {
    name: 'prepare',
    does: 'make a Cowrie ready for adaptations, or undo that',
    load: async () => (await import('./commands/prepare.ts')).prepareCommand,
  },
  {
    name: 'persona',
    does: 'say which machine a prepared Cowrie is, and where it contradicts itself',
    load: async () => (await import('./commands/persona.ts')).personaCommand,
  },
  {
    name: 'probe',
    does: 'visit a honeypot as an attacker would, and say what is seen',
    load: async () => (await import('./commands/probe.ts')).probeCommand,
  },
  {
    name: 'detect',
    does: 'say what gives a honeypot away, ours or a Cowrie',
    load: async () => (await import('./commands/detect.ts')).detectCommand,
  },
  {
    name: 'decoy',
    does: 'run our own SSH decoy alone',
    load: async () => (await import('./commands/decoy.ts')).decoyCommand,
  },
  {
    name: 'rollback',
    does: 'take an adaptation back, byte for byte',
    load: async () => (await import('./commands/rollback.ts')).rollbackCommand,
  },
  {
    name: 'assess',
    does: 'assess sessions given as JSONL on standard input',
    load: async () => (await import('./commands/assess.ts')).assessCommand,
  },
  {
    name: 'ml',
    does: 'serve the models over HTTP: POST /classify, GET /health, POST /train',
    load: async () => (await import('./commands/ml.ts')).mlCommand,
  },
  {
    name: 'train',
    does: 'train a new version of the models from stored events and feedback',
    load: async () => (await import('./commands/train.ts')).trainCommand,
  },
  {
    name: 'models',
    does: 'list, show, promote and roll back model versions; assess stored events again',
    load: async () => (await import('./commands/models.ts')).modelsCommand,
  },
  {
    name: 'eval',
    does: 'measure the models on labelled JSONL',
    load: async () => (await import('./commands/eval.ts')).evalCommand,
  },
  {
    name: 'token',
    does: 'make, list and revoke API tokens',
    load: async () => (await import('./commands/token.ts')).tokenCommand,
  },
  {
    name: 'users',
    does: 'say who may sign in: list, add, reset, disable, enable',
    load: async () => (await import('./commands/users.ts')).usersCommand,
  },
  {
    name: 'actions',
    does: 'list, explain, request and undo actions',
    load: async () => (await import('./commands/actions.ts')).actionsCommand,
  },
  {
    name: 'policy',
    does: 'check a decision policy, or ask it about the past',
    load: async () => (await import('./commands/policy.ts')).policyCommand,
  },
  {
    name: 'explain',
    does: 'say why something was decided, or not done',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'kill-switch',
    does: 'stop all that the engine does by itself, and undo what stands',
    load: async () => (await import('./commands/kill-switch.ts')).killSwitchCommand,
  },
  {
    name: 'audit',
    does: 'verify or export the audit log',
    load: async () => (await import('./commands/audit.ts')).auditCommand,
  },
  {
    name: 'export',
    does: 'write what other programs take from us: the block feed',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  {
    name: 'doctor',
    does: 'find what is wrong, and say the fix in one line each',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    name: 'simulate',
    does: 'attack a honeypot of yours as recorded, and check that all of it is seen, answered and shown',
    load: async () => (await import('./commands/simulate.ts')).simulateCommand,
  },
  {
    name: 'secret',
    does: 'make a master key, seal a secret for the configuration',
    load: async () => (await import('./commands/secret.ts')).secretCommand,
  },
];

interface Subcommand {
  readonly name: string;
  readonly does: string;
  readonly load: () => Promise<(io: CommandIo) => Command>;
}

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
  const asked = subcommands.find((subcommand) => subcommand.name === name);
  if (asked) program.addCommand((await asked.load())(io));
  else for (const { name, does } of subcommands) program.command(name).description(does);
  for (const command of [program, ...program.commands.flatMap((child) => [child, ...child.commands])]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
  }
  return program;
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
