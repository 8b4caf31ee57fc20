import { WorldFault } from '../../../world/faults.ts';
import type { Call } from '../../program.ts';
import { createCalls } from './calls.ts';
import { createEvaluator } from './evaluate.ts';
import { createExecutor } from './execute.ts';
import { PerlDied, PerlExit, PerlLeave, PerlSyntax, TooMuch } from './faults.ts';
import { nextOfArguments, standardHandles } from './input-output.ts';
import { createPlaces } from './places.ts';
import { readProgram } from './read-program.ts';
import { createLimits, errnoOf, type Runtime } from './runtime.ts';
import { arrayIn, cellOf, createScope, hashIn } from './scope.ts';
import { numberOf, PerlHash, type Scalar, textOf } from './values.ts';

export interface PerlEnd {
  /** Bytes, one character each. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface PerlOptions {
  readonly call: Call;
  readonly file: string;
  readonly argv: readonly string[];
  readonly version: string;
  readonly run: Runtime['run'];
}

/** What stands around a program that is run for each line: `-n`, `-p`, `-l`, `-a`, `-F`, `-i`, `-0`. */
export interface LineOptions {
  readonly isPrinting: boolean;
  readonly trims: boolean;
  /** What each line is cut by into `@F`. */
  readonly splitBy: string | undefined;
  /** Takes what was said while a file was read, to put it in its place. */
  readonly inPlace: boolean;
}

const textMax = 256 * 1024;
const saidMax = 4 * 1024 * 1024;

/**
 * Perl, interpreted: what droppers and their bots are written in, over the visitor's world and shell. Texts are bytes, one character
 * each. Nothing of it reaches beyond the world, and its steps, its depth and what it holds are bounded.
 */
export function createPerl({ call, file, argv, version, run }: PerlOptions) {
  const said = { stdout: '', stderr: '' };
  const globals = createScope();
  const { step, deeper } = createLimits();
  const write = (text: string, isError = false) => {
    const where = isError ? 'stderr' : 'stdout';
    if (said[where].length < saidMax) said[where] += text;
  };
  // Its parts call each other: each is put in when it is made.
  const runtime = {
    ...{ call, file, version, globals, step, deeper, write, flush, faultText, run },
    ...{ subs: new Map(), handles: standardHandles({ write, call }), ends: [], modules: new Set<string>() },
    ...{ written: new Map<string, () => string>(), cwd: call.shell.cwd, package: 'main', line: 1 },
    ...{ found: undefined, selected: 'STDOUT', lastRead: undefined },
    scalar: (...given) => evaluator.scalar(...given),
    list: (...given) => evaluator.list(...given),
    execute: (...given) => execute(...given),
    invoke: (...given) => calls.invoke(...given),
    isListWanted: () => calls.isListWanted(),
  } satisfies Runtime as Runtime;
  const places = createPlaces(runtime);
  const calls = createCalls(runtime);
  const evaluator = createEvaluator(runtime, places, calls);
  const execute = createExecutor(runtime, places, calls);
  setGlobals();
  return { run: runText, said, runtime };

  function setGlobals(): void {
    const { env, machine } = { env: call.shell.exportedEnv ?? {}, machine: call.machine };
    const values: Readonly<Record<string, Scalar>> = {
      ...{
        '0': file,
        $: machine.visitor.pid + 5,
        ',': undefined,
        '\\': undefined,
        '/': '\n',
        '"': ' ',
        ';': '\x1c',
        '@': '',
      },
      ...{
        '!': 0,
        '?': 0,
        '|': 0,
        '<': machine.actor.uid,
        '>': machine.actor.uid,
        '(': `${machine.actor.gid}`,
        ')': `${machine.actor.gid}`,
      },
      ...{
        '^O': 'linux',
        '^W': 0,
        '^T': Math.floor(machine.now() / 1000),
        '^X': '/usr/bin/perl',
        ']': versionNumber(version),
        '^V': `v${version}`,
      },
    };
    for (const [name, value] of Object.entries(values)) cellOf(globals, name).value = value;
    for (const [name, value] of Object.entries(env)) hashIn(globals, 'ENV').items.set(name, value);
    arrayIn(globals, 'ARGV').items = argv.map((word) => Buffer.from(word, 'utf8').toString('latin1'));
    globals.names.set('%INC', new PerlHash());
  }

  async function runText(text: string, lines?: LineOptions): Promise<PerlEnd> {
    let exitCode = 0;
    const scope = createScope(globals);
    try {
      const body = readProgram(Buffer.from(text, 'utf8').toString('latin1').slice(0, textMax));
      if (lines) await runForLines(body, lines);
      else await execute(body, scope);
    } catch (error) {
      exitCode = endOf(error);
    }
    try {
      for (const end of runtime.ends.reverse()) await end();
    } catch (error) {
      exitCode = endOf(error);
    }
    flush();
    return { ...said, exitCode };
  }

  async function runForLines(body: ReturnType<typeof readProgram>, options: LineOptions): Promise<void> {
    // What comes before the first line, and after the last, is not run for each.
    const around = body.filter((statement) => statement.kind === 'end');
    await execute(around, globals);
    const rest = body.filter((statement) => statement.kind !== 'end');
    const topic = cellOf(globals, '_');
    for (let line = nextOfArguments(runtime); line !== undefined; line = nextOfArguments(runtime)) {
      topic.value = options.trims ? line.replace(/\n$/, '') : line;
      if (options.splitBy !== undefined) arrayIn(globals, 'F').items = fieldsOf(textOf(topic.value), options.splitBy);
      try {
        await execute(rest, createScope(globals));
      } catch (error) {
        if (!(error instanceof PerlLeave) || error.how === 'return') throw error;
        if (error.how === 'last') break;
      }
      if (options.isPrinting) write(textOf(topic.value) + textOf(cellOf(globals, '\\').value));
    }
  }

  /** Writes down what open files hold, as the system does sooner or later. */
  function flush(): void {
    for (const [path, textOfFile] of runtime.written) {
      try {
        call.machine.world.write(path, Buffer.from(textOfFile(), 'latin1'), call.machine.actor);
      } catch (error) {
        if (!(error instanceof WorldFault)) throw error;
      }
    }
    runtime.written.clear();
  }

  function faultText(error: unknown): string | undefined {
    if (error instanceof PerlDied) return textOf(error.value);
    return error instanceof PerlSyntax ? syntaxText(error) : undefined;
  }

  function syntaxText({ message, line }: PerlSyntax): string {
    if (message.startsWith("Can't find")) return `${message} at ${file} line ${line}.\n`;
    return `syntax error at ${file} line ${line}, ${message}\n`;
  }

  /** @returns the status that the program leaves with */
  function endOf(error: unknown): number {
    if (error instanceof PerlExit) return error.status;
    if (error instanceof TooMuch) {
      said.stderr += 'Killed\n';
      return 137;
    }
    if (error instanceof PerlLeave) return 0;
    const text = faultText(error);
    if (text === undefined) throw error;
    said.stderr += text;
    if (error instanceof PerlSyntax) {
      if (!text.startsWith("Can't find")) said.stderr += `Execution of ${file} aborted due to compilation errors.\n`;
      return 255;
    }
    const status = numberOf(cellOf(globals, '?').value) >> 8;
    return errnoOf(runtime) & 0xff || status & 0xff || 255;
  }
}

function fieldsOf(text: string, by: string): Scalar[] {
  const fields: string[] = by === ' ' ? text.trim().split(/\s+/) : text.split(by);
  while (fields.at(-1) === '') fields.pop();
  return fields;
}

function versionNumber(version: string): number {
  const [major = 5, minor = 36, patch = 0] = version.split('.').map(Number);
  return Number(`${major}.${String(minor).padStart(3, '0')}${String(patch).padStart(3, '0')}`);
}
