import { builtInNames } from './built-ins.ts';
import { createEvaluator } from './evaluate.ts';
import { createExecutor } from './execute.ts';
import { PythonFault, TooMuch } from './faults.ts';
import { createInvoker } from './invoke.ts';
import { createImporter } from './modules.ts';
import { readProgram } from './read-program.ts';
import { createLimits, type Runtime } from './runtime.ts';
import { createScope, type Scope } from './scope.ts';
import { messageOf, strOf } from './show.ts';
import { SyntaxFault } from './tokens.ts';
import { PyTuple, type Value } from './values.ts';

export interface PythonEnd {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly isOver: boolean;
}

export interface PythonOptions {
  /** What a traceback calls the text. */
  readonly file: string;
  /** `sys.argv`. */
  readonly argv: readonly string[];
  /** At its prompt values are shown, and a fault does not end it. */
  readonly isTalking: boolean;
  readonly run: Runtime['run'];
  readonly call: Runtime['call'];
}

const textMax = 256 * 1024;
const saidMax = 2 * 1024 * 1024;

/**
 * Python, interpreted: the statements and modules that droppers use, over the visitor's world and shell. Nothing of it reaches beyond those,
 * and its steps, its depth and what it holds are bounded.
 */
export function createPython({ file, argv, isTalking, run, call }: PythonOptions) {
  let said = { stdout: '', stderr: '' };
  const names = createScope();
  const { step, deeper } = createLimits();
  // Its parts call each other: each is put in when it is made.
  const runtime = {
    ...{ call, argv, globals: names, cwd: call.shell.cwd, line: 0, handled: undefined, step },
    run,
    write(text: string, isError = false) {
      const where = isError ? 'stderr' : 'stdout';
      if (said[where].length < saidMax) said[where] += text;
    },
    importModule: createImporter(() => runtime),
    evaluate: (...given) => evaluate(...given),
    execute: (...given) => execute(...given),
    invoke: (...given) => invoker.invoke(...given),
    strOf: (value) => invoker.strOf(value),
    reprOf: (value) => invoker.reprOf(value),
  } satisfies Runtime as Runtime;
  const evaluate = createEvaluator(runtime);
  const execute = createExecutor(runtime, isTalking ? show : undefined);
  const invoker = createInvoker(runtime, deeper);
  const globals: Scope = names;
  for (const [name, value] of builtInNames(runtime)) globals.names.set(name, value);
  return { run: runText };

  async function runText(text: string): Promise<PythonEnd> {
    said = { stdout: '', stderr: '' };
    try {
      await execute(readProgram(text.slice(0, textMax).replace(/\r\n/g, '\n')), globals);
      return { ...said, exitCode: 0, isOver: false };
    } catch (error) {
      return ended(error, text);
    }
  }

  async function show(value: Value): Promise<void> {
    if (value !== null) runtime.write(`${await runtime.reprOf(value)}\n`);
  }

  function ended(error: unknown, text: string): PythonEnd {
    if (error instanceof TooMuch) return { ...said, stderr: `${said.stderr}Killed\n`, exitCode: 137, isOver: true };
    if (error instanceof SyntaxFault) {
      said.stderr += syntaxText(error, text);
      return { ...said, exitCode: 1, isOver: !isTalking };
    }
    if (!(error instanceof PythonFault)) throw error;
    if (error.value.type.name === 'SystemExit') return left(error);
    said.stderr += traceback(error, text);
    return { ...said, exitCode: 1, isOver: !isTalking };
  }

  function left({ value }: PythonFault): PythonEnd {
    const args = value.members.get('args');
    const code = args instanceof PyTuple ? (args.items[0] ?? null) : null;
    if (code !== null && typeof code !== 'bigint' && typeof code !== 'boolean')
      return { ...said, stderr: `${said.stderr}${strOf(code)}\n`, exitCode: 1, isOver: true };
    return { ...said, exitCode: Number(code ?? 0) & 0xff, isOver: true };
  }

  /** Of a file the lines are shown too; of what came otherwise Python has them no more. */
  function traceback({ value, trace }: PythonFault, text: string): string {
    const lines = text.split('\n');
    const frames = [
      ...trace.map(({ line, where }) => ({ line, where })),
      { line: runtime.line, where: '<module>' },
    ].reverse();
    const shown = frames.map(({ line, where }) => {
      const source = file.startsWith('<') ? '' : `    ${(lines[line - 1] ?? '').trim()}\n`;
      return `  File "${file}", line ${line}, in ${where}\n${source}`;
    });
    const module = value.type.members.get('__module__');
    const name =
      module === undefined || module === '__main__' ? value.type.name : `${strOf(module)}.${value.type.name}`;
    const message = messageOf(value);
    return `Traceback (most recent call last):\n${withoutRepeats(shown)}${name}${message === '' ? '' : `: ${message}`}\n`;
  }

  function syntaxText({ type, message, line, column }: SyntaxFault, text: string): string {
    const source = text.split('\n')[line - 1] ?? '';
    const indent = source.length - source.trimStart().length;
    const mark = ' '.repeat(Math.max(0, column - 1 - indent));
    return `  File "${file}", line ${line}\n    ${source.trim()}\n    ${mark}^\n${type}: ${message}\n`;
  }
}

/** Of a function that calls itself three are shown, and how many more it would be: a real one ends at a thousand. */
function withoutRepeats(frames: readonly string[]): string {
  const kept = frames.filter((frame, at) => at < 3 || frames.slice(at - 3, at).some((before) => before !== frame));
  const isCut = kept.length < frames.length;
  return `${kept.join('')}${isCut ? '  [Previous line repeated 996 more times]\n' : ''}`;
}
