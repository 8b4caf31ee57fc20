import { Bash, type BashExecResult, defineCommand, type ExecOptions, type StatementNode } from 'just-bash';
import { accountOf } from '../persona/accounts.ts';
import { nameOf, resolvePath } from '../world/paths.ts';
import { faultTexts, WorldFault } from '../world/world.ts';
import { createBackground } from './background.ts';
import { builtIns, isInterpreters } from './built-ins.ts';
import { decodeStdin } from './bytes.ts';
import { programOf } from './copied-program.ts';
import { allWords, hasKeyboard, isPlainStatement, mayEnter, withFlags } from './line-shape.ts';
import { isPassedOver, partsOfList, restOf } from './list-parts.ts';
import { inOwnWords, isLimit } from './own-words.ts';
import { type Call, interpretersOwn, type Machine, type Program, type Programs } from './program.ts';
import { programs } from './programs/all.ts';
import { withHelp } from './programs/coreutils.ts';
import { coverHelp, hideInterpreter } from './programs/help.ts';
import { nested } from './programs/nested.ts';
import { plainAnswer } from './programs/plain-answers.ts';
import { hasMark, markRedirects } from './redirect-marks.ts';
import { aliveMark, createShellFiles, found, isShellWord, statusMark, strangerProgram } from './shell-files.ts';
import { type EnteredShell, faultHead, type ShellKind } from './shell-kind.ts';
import { openHereDocument, readStatements } from './statements.ts';

/** What a shell remembers from one line to the next; plain values, so that another thread can go on with it. */
export interface ShellState {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Functions that were defined, as their source. */
  readonly functions: Readonly<Record<string, string>>;
  readonly status: number;
  readonly kind: ShellKind;
  /** Lines that this shell has read: some name the line in their faults. */
  readonly lines: number;
}

export interface LineEnd {
  readonly state: ShellState;
  readonly status: number;
  /** The line ended the shell. */
  readonly isOver: boolean;
  /** A limit was reached: on a real machine this would still be running. */
  readonly isStuck: boolean;
  readonly entered?: EnteredShell;
}

export interface ShellRun {
  readonly run: (line: string, state: ShellState, input: RunInput) => Promise<LineEnd>;
}

export interface RunInput {
  readonly stdin: Uint8Array;
  readonly signal: AbortSignal;
  readonly write: (bytes: Buffer, isError: boolean) => void;
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
const exported: Record<string, string> = Object.fromEntries(
  'SHELL LOGNAME USER HOME PATH PWD LANG TERM SHLVL MAIL SSH_CLIENT SSH_CONNECTION SSH_TTY XDG_SESSION_ID XDG_SESSION_TYPE XDG_SESSION_CLASS XDG_RUNTIME_DIR MOTD_SHOWN DBUS_SESSION_BUS_ADDRESS LS_COLORS'
    .split(' ')
    .map((name) => [name, '']),
);

/** What the interpreter's own `timeout` and `find -exec` give to what they run: they do not pass the shell's values on. */
function baseOf({ persona, visitor }: Machine): Record<string, string> {
  const { home } = accountOf(persona, visitor.user);
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: home, USER: visitor.user };
}

/** A shell of one visitor over his world: one Bash interpreter with our programs before its own. */
export function createShellRun(machine: Machine): ShellRun {
  const files = createShellFiles(machine.world, machine.actor);
  let isAlive = true;
  let isPlain = false;
  let isKeyboard = false;
  let isQuiet = false;
  let kind = machine.shellKind();
  let entered: Omit<EnteredShell, 'rest'> | undefined;
  const background = createBackground(
    (number) => machine.visitor.pid + 20 + machine.history.length * 3 + number,
    machine.now,
  );
  const ownMachine: Machine = {
    ...machine,
    background,
    isAtTerminal: () => isPlain && machine.visitor.terminal !== null,
    isAtKeyboard: () => isKeyboard,
    shellKind: () => kind,
    enter: (shell) => {
      entered = shell;
    },
  };
  const plain = createInterpreter(programs);
  let helpful: Bash | undefined;

  return { run };

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
          isAlive = true;
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
      return await runProgram(run, { args: given, shell, machine: ownMachine, name: known }, isQuiet);
    }
    return await runProgram(program, { args, shell, machine: ownMachine, name }, isQuiet);
  }

  async function run(line: string, state: ShellState, { stdin, signal, write }: RunInput): Promise<LineEnd> {
    kind = state.kind;
    let now = { ...state, lines: state.lines + 1 };
    const isTerminal = machine.visitor.terminal !== null;
    let input = Buffer.from(stdin).toString('latin1');
    const read = readStatements(line);
    if (read.fault !== undefined) {
      const head = syntaxHead(state.kind, isTerminal, now.lines);
      // A script's faulty line is shown after its fault; what a person typed, he sees.
      const shown = !isTerminal && read.fault.includes('near') ? `${head}\`${line.split('\n')[0]}'\n` : '';
      write(Buffer.from(`${head}${read.fault}\n${shown}`), true);
      return { state: { ...now, status: 2 }, status: 2, isOver: false, isStuck: false };
    }
    const unended = isTerminal ? undefined : openHereDocument(line);
    if (unended !== undefined && kind.program === 'bash') {
      const warned = `warning: here-document at line 1 delimited by end-of-file (wanted \`${unended}')`;
      write(Buffer.from(`${faultHead(state.kind, isTerminal, now.lines)}${warned}\n`), true);
    }
    const waiting = [...read.statements];
    for (let statement = waiting.shift(); statement; statement = waiting.shift()) {
      if (isPassedOver(statement, now.status)) continue;
      const parts = isTerminal && mayEnter(statement) ? partsOfList(statement) : undefined;
      if (parts) {
        waiting.unshift(...parts);
        continue;
      }
      if (signal.aborted) return { state: { ...now, status: 130 }, status: 130, isOver: false, isStuck: false };
      const text = withFlags(statement.text, isTerminal);
      if (isTerminal && statement.node.background && background.mayStart(statement.node, now.functions)) {
        write(Buffer.from(background.start(text, runBehind(text.replace(/&\s*$/, ''), now))), true);
        now = { ...now, status: 0 };
        continue;
      }
      isPlain = isPlainStatement(statement.node);
      isKeyboard = isTerminal && stdin.length === 0 && hasKeyboard(statement.node);
      entered = undefined;
      isQuiet = /2> *\/dev\/null|2>&-/.test(text);
      isAlive = !/\b(?:exit|logout|exec)\b/.test(text);
      const checked = isAlive ? text : `${text}\n${aliveMark} $?`;
      const script = `${preamble(now, text)}${checked}`;
      const result = await execute(interpreterFor(text), script, {
        cwd: now.cwd,
        env: now.env,
        replaceEnv: true,
        stdin: input,
        stdinKind: 'bytes',
        signal,
        rawScript: true,
      });
      input = '';
      const stuck = isLimit(result);
      if (result.stdout) write(encodeOutput(result, ownMachine, now), false);
      const stderr = stuck || signal.aborted ? '' : inOwnWords(result.stderr, ownMachine, now);
      if (stderr) write(Buffer.from(stderr, 'utf8'), true);
      // What goes on in the background has not ended yet.
      const status = statement.node.background ? 0 : result.exitCode;
      now = remember(now, result.env, statement.node, status);
      if (stuck) return { state: now, status: 137, isOver: false, isStuck: true };
      if (entered) {
        return {
          state: now,
          status: 0,
          isOver: false,
          isStuck: false,
          entered: withRest(entered, restOf(waiting, `${statusMark} $?`)),
        };
      }
      if (!isAlive) return { state: now, status: result.exitCode, isOver: true, isStuck: false };
    }
    const ended = isTerminal ? background.reap() : '';
    if (ended) write(Buffer.from(ended), true);
    return { state: now, status: now.status, isOver: false, isStuck: false };
  }

  /** In an interpreter of its own: the shell's goes on with the next line. */
  function runBehind(text: string, { cwd, env }: ShellState): (signal: AbortSignal) => Promise<number> {
    return async (signal) => {
      const options = { cwd, env: { ...env }, replaceEnv: true, signal, rawScript: true };
      return await createInterpreter(programs)
        .exec(text, options)
        .then(({ exitCode }) => exitCode)
        .catch(() => 1);
    };
  }
}

function preamble({ functions, status }: ShellState, text: string): string {
  const defined = Object.values(functions).map((source) => `${source}\n`);
  return `${coverHelp(text)}${defined.join('')}${status !== 0 && /\$\?|\b(?:exit|logout|return)\b/.test(text) ? `${statusMark} ${status}\n` : ''}`;
}

function remember(state: ShellState, env: Record<string, string>, node: StatementNode, status: number): ShellState {
  const functions = { ...state.functions };
  for (const command of node.pipelines.flatMap(({ commands }) => commands)) {
    if (command.type === 'FunctionDef') functions[command.name] = node.sourceText ?? '';
  }
  const { '?': _, ...kept } = env;
  return { ...state, cwd: env['PWD'] ?? state.cwd, env: kept, functions, status };
}

const programFolders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin'];

function withRest(shell: Omit<EnteredShell, 'rest'>, rest: string): EnteredShell {
  return { ...shell, rest };
}

function syntaxHead(kind: ShellKind, isTerminal: boolean, line: number): string {
  const head = faultHead(kind, isTerminal, line);
  return kind.program === 'bash' && !isTerminal ? head.replace(/line/, '-c: line') : head;
}

function encodeOutput({ stdout, stdoutKind }: BashExecResult, machine: Machine, state: ShellState): Buffer {
  // A fault that was piped on comes as output.
  const told = hasMark(stdout) ? inOwnWords(stdout, machine, state) : stdout;
  return Buffer.from(hideInterpreter(told, machine.persona), stdoutKind === 'bytes' ? 'latin1' : 'utf8');
}

/** A redirection into a folder that is not there is a fault that the interpreter does not know: it ends the statement. */
async function execute(
  bash: Bash,
  script: string,
  options: ExecOptions & { env: Record<string, string> },
): Promise<BashExecResult> {
  try {
    return await bash.exec(script, options);
  } catch (error) {
    if (!(error instanceof WorldFault)) throw error;
    const stderr = `bash: ${error.path}: ${faultTexts[error.code]}\n`;
    return { stdout: '', stderr, exitCode: 1, env: options.env };
  }
}

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
