import type { Bash, BashExecResult, ExecOptions } from 'just-bash';
import { faultTexts, WorldFault } from '../world/faults.ts';
import { createBackground, runBehind, waitedFor } from './background.ts';
import { createInterpreters, type Moment } from './interpreter.ts';
import { hasKeyboard, isPlainStatement, killsShell, mayEnter, withFlags } from './line-shape.ts';
import { isPassedOver, partsOfList, restOf } from './list-parts.ts';
import { inOwnWords, isLimit } from './own-words.ts';
import type { Machine } from './program.ts';
import { hideInterpreter } from './programs/help.ts';
import { hasMark } from './redirect-marks.ts';
import { aliveMark, statusMark } from './shell-files.ts';
import { type EnteredShell, faultHead, type ShellKind } from './shell-kind.ts';
import { exitTrapOf, keepArrays, preamble, remember, type ShellState } from './shell-memory.ts';
import { openHereDocument, readStatements, type Statement } from './statements.ts';

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
  /** Nobody is there any more: what went on behind the prompt is hung up. */
  readonly close: () => void;
}

export interface RunInput {
  readonly stdin: Uint8Array;
  readonly signal: AbortSignal;
  readonly write: (bytes: Buffer, isError: boolean) => void;
}

/** A shell of one visitor over his world, line by line. */
export function createShellRun(machine: Machine): ShellRun {
  const isTerminal = machine.visitor.terminal !== null;
  let isPlain = false;
  let isKeyboard = false;
  let kind = machine.shellKind();
  let entered: Omit<EnteredShell, 'rest'> | undefined;
  const moment: Moment = { isAlive: true, isQuiet: false, arrays: undefined };
  const background = createBackground(
    (number) => machine.visitor.pid + 20 + machine.history.length * 3 + number,
    machine.now,
  );
  const ownMachine: Machine = {
    ...machine,
    background,
    isAtTerminal: () => isPlain && isTerminal,
    isAtKeyboard: () => isKeyboard,
    shellKind: () => kind,
    enter: (shell) => {
      entered = shell;
    },
  };
  const { interpreterFor, another } = createInterpreters(ownMachine, moment);

  return { run, close: background.stopAll };

  async function run(line: string, state: ShellState, { stdin, signal, write }: RunInput): Promise<LineEnd> {
    kind = state.kind;
    let now = { ...state, lines: state.lines + 1 };
    const say = (text: string, isError: boolean) => write(Buffer.from(text), isError);
    const read = readStatements(line, isTerminal);
    if (read.fault !== undefined) {
      say(syntaxFault(line, read.fault, now, isTerminal), true);
      return goesOn({ ...now, status: 2 });
    }
    const warned = isTerminal ? undefined : warningOfOpenDocument(line, now);
    if (warned) say(warned, true);
    let input = Buffer.from(stdin).toString('latin1');
    const waiting = [...read.statements];
    for (let statement = waiting.shift(); statement; statement = waiting.shift()) {
      if (isPassedOver(statement, now.status)) continue;
      const parts = isTerminal && mayEnter(statement) ? partsOfList(statement) : undefined;
      if (parts) {
        waiting.unshift(...parts);
        continue;
      }
      if (signal.aborted) return goesOn({ ...now, status: 130 });
      const kept = isTerminal ? await doAtTerminal(statement, now, say, signal) : undefined;
      if (kept) {
        now = kept;
        continue;
      }
      isKeyboard = isTerminal && stdin.length === 0 && hasKeyboard(statement.node);
      const done = await interpret(statement, now, { input, signal, write });
      input = '';
      now = done.state;
      const end = await endAfter(done, waiting, { signal, write });
      if (end) return end;
    }
    const ended = isTerminal ? background.reap() : '';
    if (ended) say(ended, true);
    return goesOn(now);
  }

  /** What a shell at a terminal does by itself: jobs in the background, and the trap of its end. @returns undefined for all else. */
  async function doAtTerminal(
    statement: Statement,
    state: ShellState,
    say: (text: string, isError: boolean) => void,
    signal: AbortSignal,
  ): Promise<ShellState | undefined> {
    if (statement.node.background && background.mayStart()) {
      const text = withFlags(statement.text, isTerminal);
      say(background.start(text, runBehind({ bash: another(), text, state, machine: ownMachine })), true);
      return { ...state, status: 0 };
    }
    const waited = waitedFor(statement);
    if (waited) {
      const { status, said } = await background.wait(waited, signal);
      if (said) say(said, status !== 0);
      return { ...state, status };
    }
    const exitTrap = exitTrapOf(statement);
    return exitTrap === undefined ? undefined : { ...state, exitTrap, status: 0 };
  }

  async function interpret(
    statement: Statement,
    state: ShellState,
    { input, signal, write }: Omit<RunInput, 'stdin'> & { readonly input: string },
  ): Promise<Interpreted> {
    const text = withFlags(statement.text, isTerminal);
    isPlain = isPlainStatement(statement.node);
    entered = undefined;
    moment.isQuiet = /2> *\/dev\/null|2>&-/.test(text);
    moment.isAlive = !/\b(?:exit|logout|exec)\b/.test(text) && !killsShell.test(text);
    moment.arrays = undefined;
    const kept = keepArrays(text, state);
    const checked = moment.isAlive ? kept : `${kept}\n${aliveMark} $?`;
    const script = `${preamble(state, text, isTerminal)}${checked}`;
    const result = await execute(interpreterFor(text), script, {
      ...{ cwd: state.cwd, env: state.env, replaceEnv: true },
      ...{ stdin: input, stdinKind: 'bytes', signal, rawScript: true },
    });
    const isStuck = isLimit(result);
    if (result.stdout) write(encodeOutput(result, ownMachine, state), false);
    const stderr = isStuck || signal.aborted ? '' : inOwnWords(withSum(result.stderr, text), ownMachine, state);
    if (stderr) write(Buffer.from(stderr, 'utf8'), true);
    // What goes on in the background has not ended yet.
    const isUnset = !isTerminal && unsetFault.test(result.stderr);
    const status = statement.node.background ? 0 : isUnset ? 127 : result.exitCode;
    return {
      state: remember(state, result.env, statement.node, status, moment.arrays),
      exitCode: result.exitCode,
      // Ends a script of bash at once; the interpreter goes on after it.
      isFatal: isUnset || (!isTerminal && sumFault.test(result.stderr)),
      isStuck,
    };
  }

  /** Whether the line ends with a statement, and how; undefined where the next one is to be run. */
  async function endAfter(
    { state, exitCode, isFatal, isStuck }: Interpreted,
    waiting: readonly Statement[],
    input: Omit<RunInput, 'stdin'>,
  ): Promise<LineEnd | undefined> {
    if (isFatal) return { state, status: state.status || 1, isOver: true, isStuck: false };
    if (isStuck) return { state, status: 137, isOver: false, isStuck: true };
    if (entered) {
      const rest = restOf(waiting, `${statusMark} $?`);
      return { state, status: 0, isOver: false, isStuck: false, entered: { ...entered, rest } };
    }
    if (moment.isAlive) return undefined;
    if (state.exitTrap) await runExitTrap(state, input);
    return { state, status: exitCode, isOver: true, isStuck: false };
  }

  async function runExitTrap(state: ShellState, { signal, write }: Omit<RunInput, 'stdin'>): Promise<void> {
    const { cwd, env, exitTrap = '' } = state;
    const script = `${preamble(state, exitTrap, true)}${exitTrap}`;
    const bash = interpreterFor(exitTrap);
    const done = await execute(bash, script, { cwd, env, replaceEnv: true, signal, rawScript: true });
    if (done.stdout) write(encodeOutput(done, ownMachine, state), false);
    if (done.stderr) write(Buffer.from(inOwnWords(done.stderr, ownMachine, state)), true);
  }
}

/** What came of one statement. */
interface Interpreted {
  readonly state: ShellState;
  /** Of the interpreter itself, which may have begun something in the background. */
  readonly exitCode: number;
  readonly isFatal: boolean;
  readonly isStuck: boolean;
}

function goesOn(state: ShellState): LineEnd {
  return { state, status: state.status, isOver: false, isStuck: false };
}

/** A script's faulty line is shown after its fault; what a person typed, he sees. */
function syntaxFault(line: string, fault: string, { kind, lines }: ShellState, isTerminal: boolean): string {
  const head = syntaxHead(kind, isTerminal, lines);
  const shown = !isTerminal && fault.includes('near') ? `${head}\`${line.split('\n')[0]}'\n` : '';
  return `${head}${fault}\n${shown}`;
}

/** What bash says of a here-document in a script that nothing ended. */
function warningOfOpenDocument(line: string, { kind, lines }: ShellState): string | undefined {
  const unended = kind.program === 'bash' ? openHereDocument(line) : undefined;
  if (unended === undefined) return undefined;
  return `${faultHead(kind, false, lines)}warning: here-document at line 1 delimited by end-of-file (wanted \`${unended}')\n`;
}

function syntaxHead(kind: ShellKind, isTerminal: boolean, line: number): string {
  const head = faultHead(kind, isTerminal, line);
  return kind.program === 'bash' && !isTerminal ? head.replace(/line/, '-c: line') : head;
}

/** A fault of the shell's that has no place yet: it was piped on before it could be given one. */
const bareFault = /^bash: (?!line )[^\n]*: (?:command not found|No such file or directory|Permission denied)$/m;

/** Faults that end a script of bash at once. */
const sumFault = /^bash: (?:line \d+: )?(?:arithmetic expression: )?(?:division by 0|value too great for base)/m;
const unsetFault = /^bash: (?:line \d+: )?\w+: (?:unbound variable|parameter (?:null or )?not set|must be set)/m;

/** bash shows the sum that it could not do, which the interpreter does not name: the first of the statement that could be it. */
function withSum(stderr: string, text: string): string {
  const found = sumFault.exec(stderr);
  if (!found) return stderr;
  const isBase = found[0].endsWith('base');
  const pattern = isBase ? /\(\(\s*([^()]*\b0\d*[89][^()]*)\)\)/ : /\(\(\s*([^()]*[/%][^()]*)\)\)/;
  const [, sum = ''] = pattern.exec(text) ?? [];
  const token = isBase ? /\b0\d*[89]\d*/.exec(sum)?.[0] : /[/%]\s*([^/%]*)$/.exec(sum)?.[1];
  if (token === undefined) return stderr;
  // As bash, which drops the blanks before a sum and keeps those behind it.
  const told = `${found[0].includes('expression') ? '((: ' : ''}${sum}: $1 (error token is "${token}")`;
  return stderr.replace(/(?:arithmetic expression: )?(division by 0|value too great for base)/, told);
}

function encodeOutput({ stdout, stdoutKind }: BashExecResult, machine: Machine, state: ShellState): Buffer {
  // A fault that was piped on comes as output.
  const told = hasMark(stdout) || bareFault.test(stdout) ? inOwnWords(stdout, machine, state) : stdout;
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
