import type { Result } from '../../../program.ts';
import { kindOf } from '../../../shell-kind.ts';
import { quote } from '../../nested.ts';
import { enterShell } from '../../shells.ts';
import { leave } from '../built-ins.ts';
import { exceptionOf, makeException, PythonFault, raiseOs } from '../faults.ts';
import type { Modules } from '../modules.ts';
import { itemsOf } from '../operators.ts';
import { builtIns, type Runtime } from '../runtime.ts';
import { fileOver } from '../text-files.ts';
import { isTrue, type Named, PyBytes, PyClass, PyInstance, PyList, PyTuple, type Value } from '../values.ts';

export const processModules: Modules = {
  subprocess: (runtime) => [
    ...([
      ['PIPE', -1n],
      ['STDOUT', -2n],
      ['DEVNULL', -3n],
    ] as const),
    ['CalledProcessError', calledProcessError],
    ['TimeoutExpired', exceptionOf('TimeoutError')],
    ...builtIns({
      call: async ([command = null], named) => (await start(runtime, command, named)).code,
      check_call: async ([command = null], named) => checked(command, await start(runtime, command, named)).code,
      run: async ([command = null], named) => completed(command, await start(runtime, command, named), named),
      check_output: async ([command = null], named) =>
        checked(command, await start(runtime, command, withPipe(named))).out,
      getoutput: async ([command]) => (await outputOf(runtime, String(command))).text,
      getstatusoutput: async ([command]) => {
        const { text, code } = await outputOf(runtime, String(command));
        return new PyTuple([code, text]);
      },
      Popen: async ([command = null], named) => await popen(runtime, command, named),
    }),
  ],
  pty: (runtime) => builtIns({ spawn: async ([command = null]) => await spawn(runtime, command) }),
};

const calledProcessError = new PyClass('CalledProcessError', [exceptionOf('Exception')]);

/** What `os` has of it. */
export function osCommands(runtime: Runtime): [string, Value][] {
  return builtIns({
    system: async ([command]) => BigInt((await shown(runtime, String(command))).exitCode ?? 0) * 256n,
    popen: async ([command]) => stream((await runtime.run(inFolder(runtime, String(command)))).stdout ?? '', false),
    // The child: what goes on behind the prompt is what the program is for.
    fork: () => 0n,
    setsid: () => 0n,
    dup2: () => null,
    close: () => null,
    kill: ([pid]) => (runtime.call.machine.world.find(`/proc/${String(pid)}`) ? null : raiseOs('ESRCH')),
    wait: () => raiseOs('ECHILD'),
    waitpid: () => raiseOs('ECHILD'),
    execv: async ([, args = null]) => await execute(runtime, args),
    execvp: async ([, args = null]) => await execute(runtime, args),
    execl: async ([, ...args]) => await execute(runtime, new PyList(args)),
    execlp: async ([, ...args]) => await execute(runtime, new PyList(args)),
  });
}

function inFolder({ cwd, call }: Runtime, command: string): string {
  return cwd === call.shell.cwd ? command : `cd ${quote(cwd)}; ${command}`;
}

async function shown(runtime: Runtime, command: string): Promise<Result> {
  const done = await runtime.run(inFolder(runtime, command));
  runtime.write(textOf(done));
  runtime.write(done.stderr ?? '', true);
  return done;
}

function textOf({ stdout = '', stdoutKind }: Result): string {
  return stdoutKind === 'bytes' ? Buffer.from(stdout, 'latin1').toString('utf8') : stdout;
}

async function execute(runtime: Runtime, args: Value): Promise<never> {
  const done = await shown(
    runtime,
    itemsOf(args)
      .map((arg) => quote(String(arg)))
      .join(' '),
  );
  return leave(BigInt(done.exitCode ?? 0));
}

async function outputOf(runtime: Runtime, command: string): Promise<{ text: string; code: bigint }> {
  const done = await runtime.run(inFolder(runtime, command));
  return { text: (textOf(done) + (done.stderr ?? '')).replace(/\n$/, ''), code: BigInt(done.exitCode ?? 0) };
}

interface Done {
  readonly code: bigint;
  /** What it said, where that was asked for. */
  readonly out: Value;
  readonly error: Value;
}

const pipe = -1n;

function withPipe(named: Named): Named {
  return new Map([...named, ['stdout', pipe]]);
}

async function start(runtime: Runtime, command: Value, named: Named): Promise<Done> {
  const words = typeof command === 'string' ? [command] : itemsOf(command).map(wordOf);
  const isShell = isTrue(named.get('shell') ?? false);
  const [program = ''] = words;
  if (!isShell && !programExists(runtime, program)) raiseOs('ENOENT', program);
  const given = named.get('input');
  const stdin =
    given instanceof PyBytes ? given.bytes.toString('latin1') : typeof given === 'string' ? given : undefined;
  const done = await runtime.run(inFolder(runtime, isShell ? program : words.map(quote).join(' ')), stdin);
  const takes = isTrue(named.get('capture_output') ?? false);
  const isText = ['text', 'universal_newlines', 'encoding'].some((name) => isTrue(named.get(name) ?? false));
  const taken = (name: 'stdout' | 'stderr', text: string): Value => {
    const to = named.get(name) ?? null;
    if (takes || to === pipe) return isText ? text : new PyBytes(Buffer.from(text, 'utf8'));
    if (to === null) runtime.write(text, name === 'stderr');
    return null;
  };
  const isJoined = named.get('stderr') === -2n;
  const out = taken('stdout', textOf(done) + (isJoined ? (done.stderr ?? '') : ''));
  return { code: BigInt(done.exitCode ?? 0), out, error: isJoined ? null : taken('stderr', done.stderr ?? '') };
}

function wordOf(value: Value): string {
  return value instanceof PyBytes ? value.bytes.toString('utf8') : String(value);
}

function programExists({ call }: Runtime, program: string): boolean {
  const { world } = call.machine;
  if (program.includes('/')) return world.find(call.shell.fs.resolvePath(call.shell.cwd, program)) !== undefined;
  return ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].some((folder) =>
    world.find(`${folder}/${program}`),
  );
}

function checked(command: Value, done: Done): Done {
  if (done.code === 0n) return done;
  const words =
    typeof command === 'string'
      ? `'${command}'`
      : `[${itemsOf(command)
          .map((word) => `'${wordOf(word)}'`)
          .join(', ')}]`;
  const message = `Command ${words} returned non-zero exit status ${done.code}.`;
  throw new PythonFault(makeException(calledProcessError, [message], { returncode: done.code, output: done.out }));
}

const completedType = new PyClass('CompletedProcess', [], new Map(), () => null);

function completed(command: Value, done: Done, named: Named): Value {
  if (isTrue(named.get('check') ?? false)) checked(command, done);
  return new PyInstance(
    completedType,
    new Map([
      ['args', command],
      ['returncode', done.code],
      ['stdout', done.out],
      ['stderr', done.error],
    ]),
  );
}

const popenType = new PyClass('Popen', [], new Map(), () => null);

/** It runs when what it reads is known: at once, or where it has a pipe, when that is filled. */
async function popen(runtime: Runtime, command: Value, named: Named): Promise<Value> {
  let done: Done | undefined;
  const finish = async (input?: Value): Promise<Done> => {
    done ??= await start(
      runtime,
      command,
      input === undefined || input === null ? named : new Map([...named, ['input', input]]),
    );
    return done;
  };
  const process = new PyInstance(
    popenType,
    new Map<string, Value>([
      ['pid', BigInt(runtime.call.machine.visitor.pid + 12)],
      ['returncode', null],
      ...builtIns({
        communicate: async ([input], given) => {
          const { out, error, code } = await finish(input ?? given.get('input'));
          process.members.set('returncode', code);
          return new PyTuple([out, error]);
        },
        wait: async () => (await finish()).code,
        poll: async () => (await finish()).code,
        kill: () => null,
        terminate: () => null,
      }),
    ]),
  );
  if (named.get('stdin') === pipe) return process;
  const { out, error } = await finish();
  for (const [name, value] of [
    ['stdout', out],
    ['stderr', error],
  ] as const)
    process.members.set(
      name,
      value === null
        ? null
        : stream(value instanceof PyBytes ? value.bytes.toString('latin1') : String(value), value instanceof PyBytes),
    );
  return process;
}

function stream(text: string, isBytes: boolean): PyInstance {
  const content = Buffer.from(text, isBytes ? 'latin1' : 'utf8');
  return fileOver({
    path: '<fdopen>',
    isBytes,
    writes: false,
    encoding: 'utf8',
    read: () => content,
    write: () => undefined,
  });
}

async function spawn(runtime: Runtime, command: Value): Promise<Value> {
  const words = typeof command === 'string' ? [command] : itemsOf(command).map(String);
  const [path = '/bin/sh'] = words;
  if (runtime.call.machine.isAtKeyboard()) {
    enterShell(runtime.call, kindOf(path.slice(path.lastIndexOf('/') + 1), runtime.call.machine.persona, false, false));
    return 0n;
  }
  return BigInt((await shown(runtime, words.map(quote).join(' '))).exitCode ?? 0) * 256n;
}
