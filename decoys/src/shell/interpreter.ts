import { Bash, defineCommand } from 'just-bash';
import { nameOf, resolvePath } from '../world/paths.ts';
import { builtIns, isInterpreters } from './built-ins.ts';
import { decodeStdin } from './bytes.ts';
import { programOf } from './copied-program.ts';
import { allWords } from './line-shape.ts';
import { loginNames } from './login-names.ts';
import { mendScript } from './mend-script.ts';
import { mendTildes } from './mend-tildes.ts';
import { type Call, interpretersOwn, type Machine, type Program, type Programs } from './program.ts';
import { programs } from './programs/all.ts';
import { withHelp } from './programs/coreutils.ts';
import { nested } from './programs/nested.ts';
import { plainAnswer } from './programs/plain-answers.ts';
import { accountIn } from './programs/world-accounts.ts';
import { markRedirects } from './redirect-marks.ts';
import {
  aliveMark,
  createShellFiles,
  found,
  isShellWord,
  keptMark,
  statusMark,
  strangerProgram,
} from './shell-files.ts';

/** What is true of the statement that runs, and what its marks tell. */
export interface Moment {
  /** False until the mark after the statement is reached, where one is set: the statement may end the shell. */
  isAlive: boolean;
  /** The statement throws errors away. */
  isQuiet: boolean;
  /** The arrays that the statement left, as `declare -p` tells them. */
  arrays: string | undefined;
}

// Small enough that a bomb of commands costs a few hundred milliseconds, large enough for the scripts bots bring.
const limits = {
  maxCommandCount: 20_000,
  maxLoopIterations: 20_000,
  maxCallDepth: 60,
  maxExecDepth: 30,
  maxOutputSize: 4 * 1024 * 1024,
  maxStringLength: 8 * 1024 * 1024,
  maxArrayElements: 50_000,
  maxHeredocSize: 4 * 1024 * 1024,
  maxSourceBytes: 2 * 1024 * 1024,
  maxBraceExpansionResults: 20_000,
  maxLiveBytes: 64 * 1024 * 1024,
  maxInputBytes: 16 * 1024 * 1024,
  maxArchiveBytes: 32 * 1024 * 1024,
  maxArchiveCompressedBytes: 8 * 1024 * 1024,
  maxArchiveEntryBytes: 16 * 1024 * 1024,
  maxAwkIterations: 50_000,
  maxSedIterations: 50_000,
  maxTraversalEntries: 50_000,
  maxExecutionTimeMs: 10 * 60_000,
} as const;

/** What a login gives to every program; the interpreter is told which variables are no mere ones of the shell by giving them at its start. */
const exported: Record<string, string> = Object.fromEntries(loginNames.map((name) => [name, '']));

/** What the interpreter's own `timeout` and `find -exec` give to what they run: they do not pass the shell's values on. */
function baseOf(machine: Machine): Record<string, string> {
  const { visitor } = machine;
  const { home } = accountIn(machine, visitor.user);
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: home, USER: visitor.user };
}

/** Bash interpreters over one visitor's world, with our programs before their own. */
export function createInterpreters(machine: Machine, moment: Moment) {
  const files = createShellFiles(machine.world, machine.actor);
  const plain = createInterpreter(programs);
  let helpful: Bash | undefined;

  return {
    interpreterFor,
    /** One more, for what goes on beside the shell. */
    another: () => createInterpreter(programs),
  };

  function createInterpreter(ours: Programs): Bash {
    const made = new Bash({
      fs: files,
      // Whose values the visitor has told his programs, from the login on.
      env: { ...exported, ...baseOf(machine) },
      cwd: '/',
      commands: builtIns().filter((name) => isShellWord(`/usr/bin/${name}`) || isInstalled(name)),
      customCommands: [
        ...Object.entries(ours)
          .filter(([name]) => isShellWord(`/usr/bin/${name}`) || isInstalled(name))
          .map(([name, program]) =>
            defineCommand(name, async (args, shell) => await runNamed(name, program, args, shell)),
          ),
        defineCommand(aliveMark, async ([status]) => {
          moment.isAlive = true;
          return { stdout: '', stderr: '', exitCode: Number(status ?? 0) };
        }),
        defineCommand(keptMark, async ([status, arrays]) => {
          moment.arrays = arrays;
          return { stdout: '', stderr: '', exitCode: Number(status ?? 0) };
        }),
        defineCommand(statusMark, async ([status]) => ({ stdout: '', stderr: '', exitCode: Number(status ?? 0) })),
      ],
      executionLimits: limits,
      processInfo: {
        pid: machine.visitor.pid,
        ppid: machine.visitor.pid - 14,
        uid: machine.actor.uid,
        gid: machine.actor.gid,
      },
    });
    made.registerTransformPlugin(markRedirects);
    made.registerTransformPlugin(mendScript);
    made.registerTransformPlugin(mendTildes(machine));
    return made;
  }

  /** What the interpreter knows it tells by `command -v`, also where there is no such file. */
  function isInstalled(name: string): boolean {
    return programFolders.some((folder) => found(() => machine.world.find(`${folder}/${name}`)) !== undefined);
  }

  /** Our cover of the text tools' `--help` costs 0.1 ms for each that is run, so it is there where somebody may ask for it. */
  function interpreterFor(text: string): Bash {
    if (!/--(?:help|version)/.test(text)) return plain;
    helpful ??= createInterpreter(withHelp(programs));
    return helpful;
  }

  /** The interpreter takes only what is in /usr/bin for a program; one elsewhere comes as a file that is run, by its path. */
  async function runNamed(name: string, program: Program, args: string[], shell: Call['shell']) {
    const [path = '', ...words] = args;
    const rest = name === strangerProgram ? allWords(words, shell) : words;
    const place =
      name === strangerProgram ? found(() => machine.world.realPath(resolvePath(shell.cwd, path))) : undefined;
    const known = place === undefined ? undefined : programOf(machine.world, place);
    if (known !== undefined) {
      const calledAs = nameOf(path);
      // busybox is the applet that it is called by.
      const isApplet = known === 'busybox' && !calledAs.startsWith('busybox');
      const given = isApplet ? [calledAs, ...rest] : rest;
      const own = Object.hasOwn(programs, known) ? programs[known] : undefined;
      const run = own ?? (isInterpreters(known) ? () => nested(shell, '"$@"', [known, ...rest]) : plainAnswer);
      return await runProgram(run, { args: given, shell, machine, name: known }, moment.isQuiet);
    }
    return await runProgram(program, { args, shell, machine, name }, moment.isQuiet);
  }
}

const programFolders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin'];

/**
 * `isQuiet` where the statement throws errors away: bytes beside errors that go nowhere are counted wrong by the interpreter, which ends the line.
 */
async function runProgram(program: Program, call: Omit<Call, 'stdin'>, isQuiet: boolean) {
  const result = await program({ ...call, stdin: () => decodeStdin(call.shell.stdin) });
  const { origCommand } = call.shell;
  if (result === interpretersOwn && origCommand) return await origCommand([...call.args]);
  return {
    stdoutKind: 'text' as const,
    ...result,
    stdout: result.stdout ?? '',
    stderr: isQuiet && result.stdoutKind === 'bytes' ? '' : (result.stderr ?? ''),
    exitCode: result.exitCode ?? 0,
  };
}
