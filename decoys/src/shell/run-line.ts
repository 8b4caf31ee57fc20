import type { Bash, BashExecResult, ExecOptions } from 'just-bash';
import { faultTexts, WorldFault } from '../world/world.ts';
import { createBackground, runBehind, waitedFor } from './background.ts';
import { createInterpreters, type Moment } from './interpreter.ts';
import { hasKeyboard, isPlainStatement, mayEnter, withFlags } from './line-shape.ts';
import { isPassedOver, partsOfList, restOf } from './list-parts.ts';
import { inOwnWords, isLimit } from './own-words.ts';
import type { Machine } from './program.ts';
import { hideInterpreter } from './programs/help.ts';
import { hasMark } from './redirect-marks.ts';
import { aliveMark, statusMark } from './shell-files.ts';
import { type EnteredShell, faultHead, type ShellKind } from './shell-kind.ts';
import { exitTrapOf, keepArrays, preamble, remember, type ShellState } from './shell-memory.ts';
import { openHereDocument, readStatements } from './statements.ts';

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
    isAtTerminal: () => isPlain && machine.visitor.terminal !== null,
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
    const isTerminal = machine.visitor.terminal !== null;
    let input = Buffer.from(stdin).toString('latin1');
    const read = readStatements(line, machine.visitor.terminal !== null);
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
      if (isTerminal && statement.node.background && background.mayStart()) {
        const behind = runBehind({ bash: another(), text, state: now, machine: ownMachine });
        write(Buffer.from(background.start(text, behind)), true);
        now = { ...now, status: 0 };
        continue;
      }
      const waited = isTerminal ? waitedFor(statement) : undefined;
      if (waited) {
        const { status, said } = await background.wait(waited, signal);
        if (said) write(Buffer.from(said), status !== 0);
        now = { ...now, status };
        continue;
      }
      const exitTrap = isTerminal ? exitTrapOf(statement) : undefined;
      if (exitTrap !== undefined) {
        now = { ...now, exitTrap, status: 0 };
        continue;
      }
      isPlain = isPlainStatement(statement.node);
      isKeyboard = isTerminal && stdin.length === 0 && hasKeyboard(statement.node);
      entered = undefined;
      moment.isQuiet = /2> *\/dev\/null|2>&-/.test(text);
      moment.isAlive = !/\b(?:exit|logout|exec)\b/.test(text);
      moment.arrays = undefined;
      const kept = keepArrays(text, now);
      const checked = moment.isAlive ? kept : `${kept}\n${aliveMark} $?`;
      const script = `${preamble(now, text, isTerminal)}${checked}`;
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
      const isFatal = !isTerminal && /^bash: (?:line \d+: )?division by 0/m.test(result.stderr);
      const status = statement.node.background ? 0 : result.exitCode;
      now = remember(now, result.env, statement.node, status, moment.arrays);
      // Ends a script of bash at once; the interpreter goes on after it.
      if (isFatal) return { state: now, status: status || 1, isOver: true, isStuck: false };
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
      if (!moment.isAlive) {
        if (now.exitTrap) await runExitTrap(now, { signal, write });
        return { state: now, status: result.exitCode, isOver: true, isStuck: false };
      }
    }
    const ended = isTerminal ? background.reap() : '';
    if (ended) write(Buffer.from(ended), true);
    return { state: now, status: now.status, isOver: false, isStuck: false };
  }

  async function runExitTrap(state: ShellState, { signal, write }: Omit<RunInput, 'stdin'>): Promise<void> {
    const { cwd, env, exitTrap = '' } = state;
    const script = `${preamble(state, exitTrap, true)}${exitTrap}`;
    const done = await execute(interpreterFor(exitTrap), script, {
      cwd,
      env,
      replaceEnv: true,
      signal,
      rawScript: true,
    });
    if (done.stdout) write(encodeOutput(done, ownMachine, state), false);
    if (done.stderr) write(Buffer.from(inOwnWords(done.stderr, ownMachine, state)), true);
  }
}

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
