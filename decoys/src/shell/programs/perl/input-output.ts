import { WorldFault } from '../../../world/faults.ts';
import { sizeOf } from '../../../world/node.ts';
import { bytesFrom } from '../../bytes.ts';
import type { Node } from './nodes.ts';
import { failWith, pathOf, type Runtime } from './runtime.ts';
import { arrayIn, cellOf, type Scope } from './scope.ts';
import { sprintf } from './sprintf.ts';
import { Cell, PerlHandle, type Scalar, textOf } from './values.ts';

/** `print`, `printf` and `say`. */
export async function print(runtime: Runtime, node: Node & { kind: 'print' }, scope: Scope): Promise<Scalar> {
  const given = node.args.length > 0 ? node.args : [{ kind: 'scalar', name: '_' } as const];
  const values = await runtime.list({ kind: 'list', items: given }, scope);
  const handle = handleOf(runtime, node.handle ? await runtime.scalar(node.handle, scope) : runtime.selected);
  const between = textOf(cellOf(runtime.globals, ',').value);
  const end = node.name === 'say' ? '\n' : node.name === 'print' ? textOf(cellOf(runtime.globals, '\\').value) : '';
  const text =
    node.name === 'printf' ? sprintf(textOf(values[0]), values.slice(1)) : values.map(textOf).join(between) + end;
  if (!handle?.isOpen || !handle.output) {
    failWith(runtime, 'EBADF');
    return '';
  }
  handle.output(text);
  return 1;
}

export function handleOf(runtime: Runtime, value: Scalar): PerlHandle | undefined {
  if (value instanceof PerlHandle) return value;
  if (value instanceof Cell) return handleOf(runtime, value.value);
  return typeof value === 'string' ? runtime.handles.get(value.replace(/^\*?(?:main::)?/, '')) : undefined;
}

/** The handles that every program has. */
export function standardHandles(runtime: Pick<Runtime, 'write' | 'call'>): Map<string, PerlHandle> {
  const [input, output, errors] = ['STDIN', 'STDOUT', 'STDERR'].map((name) => new PerlHandle(name));
  if (!input || !output || !errors) throw new Error('Three names make three handles.');
  input.input = bytesFrom(runtime.call.shell.stdin).toString('latin1');
  output.output = (text) => runtime.write(text);
  errors.output = (text) => runtime.write(text, true);
  return new Map([input, output, errors].map((handle) => [handle.name, handle]));
}

/** `<HANDLE>`: the next line, or all that are left. */
export async function readLines(
  runtime: Runtime,
  node: Node & { kind: 'read-line' },
  scope: Scope,
  isList: boolean,
): Promise<Scalar[]> {
  if (node.handle === undefined) return isList ? linesOfArguments(runtime) : [nextOfArguments(runtime)];
  const handle = handleOf(runtime, await runtime.scalar(node.handle, scope));
  if (!handle) return isList ? [] : [undefined];
  if (!isList) return [nextLine(runtime, handle)];
  const lines: Scalar[] = [];
  for (let line = nextLine(runtime, handle); line !== undefined; line = nextLine(runtime, handle)) lines.push(line);
  return lines;
}

export function nextLine(runtime: Runtime, handle: PerlHandle): string | undefined {
  if (handle.at >= handle.input.length) return undefined;
  runtime.step();
  const separator = cellOf(runtime.globals, '/').value;
  const isWhole = separator === undefined;
  const sign = textOf(separator) || '\n\n';
  const end = isWhole ? -1 : handle.input.indexOf(sign, handle.at);
  const line = handle.input.slice(handle.at, end < 0 ? undefined : end + sign.length);
  handle.at += line.length;
  handle.lines++;
  runtime.lastRead = handle;
  cellOf(runtime.globals, '.').value = handle.lines;
  return line;
}

/** `<>`: the files that the program was called with, or its standard input. */
export function nextOfArguments(runtime: Runtime): string | undefined {
  for (;;) {
    const open = runtime.handles.get('ARGV');
    const line = open && nextLine(runtime, open);
    if (line !== undefined) return line;
    const files = arrayIn(runtime.globals, 'ARGV');
    if (files.items.length === 0) {
      if (open) return undefined;
      const input = runtime.handles.get('STDIN') ?? new PerlHandle('-');
      runtime.handles.set('ARGV', input);
      continue;
    }
    const name = textOf(files.items.shift());
    const next = new PerlHandle('ARGV');
    next.lines = open?.lines ?? 0;
    const text = readFile(runtime, name);
    if (text === undefined) runtime.write(`Can't open ${name}: ${textOf(cellOf(runtime.globals, '!').value)}.\n`, true);
    next.input = text ?? '';
    cellOf(runtime.globals, 'ARGV').value = name;
    runtime.handles.set('ARGV', next);
  }
}

function linesOfArguments(runtime: Runtime): Scalar[] {
  const lines: Scalar[] = [];
  for (let line = nextOfArguments(runtime); line !== undefined; line = nextOfArguments(runtime)) lines.push(line);
  return lines;
}

/** A file's bytes, one character each; where it cannot be read `$!` says why. */
export function readFile(runtime: Runtime, name: Scalar): string | undefined {
  const { world, actor } = runtime.call.machine;
  try {
    return Buffer.from(world.read(pathOf(runtime, name), actor)).toString('latin1');
  } catch (error) {
    if (!(error instanceof WorldFault)) throw error;
    return failWith(runtime, error.code);
  }
}

/** What a command prints, line by line. */
export async function commandLines(runtime: Runtime, command: string): Promise<string[]> {
  const text = await outputOf(runtime, command);
  return text === '' ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}

/** Runs a command of the shell; `$?` is set, and its errors are shown. */
export async function outputOf(runtime: Runtime, command: string, stdin?: string): Promise<string> {
  runtime.flush();
  const done = await runtime.run(Buffer.from(command, 'latin1').toString('utf8'), stdin);
  runtime.write(Buffer.from(done.stderr ?? '', 'utf8').toString('latin1'), true);
  cellOf(runtime.globals, '?').value = (done.exitCode ?? 0) << 8;
  return done.stdoutKind === 'bytes' ? (done.stdout ?? '') : Buffer.from(done.stdout ?? '', 'utf8').toString('latin1');
}

/** `-e $file` and its kin. */
export function fileTest(runtime: Runtime, test: string, name: Scalar): Scalar {
  const { world, actor, now } = runtime.call.machine;
  if (name instanceof PerlHandle || /^STD(?:IN|OUT|ERR)$/.test(textOf(name))) return test === 't' ? '' : 1;
  const path = pathOf(runtime, name);
  const node = test === 'l' ? world.lookAt(path) : world.find(path);
  if (!node) return failWith(runtime, 'ENOENT');
  const days = (now() - node.mtimeMs) / 86_400_000;
  const bits: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1, R: 4, W: 2, X: 1 };
  const bit = bits[test];
  if (bit !== undefined)
    return actor.uid === 0 ? (bit === 1 && (node.mode & 0o111) === 0 ? '' : 1) : node.mode & bit ? 1 : '';
  const kinds: Readonly<Record<string, boolean>> = {
    ...{ e: true, f: node.kind === 'file' || node.kind === 'made', d: node.kind === 'folder', l: node.kind === 'link' },
    ...{
      c: node.kind === 'device',
      b: false,
      p: false,
      S: false,
      u: (node.mode & 0o4000) !== 0,
      g: (node.mode & 0o2000) !== 0,
    },
    ...{
      k: (node.mode & 0o1000) !== 0,
      o: node.uid === actor.uid,
      O: node.uid === actor.uid,
      T: true,
      B: false,
      t: false,
    },
  };
  if (test === 's') return sizeOf(node) > 0 ? sizeOf(node) : '';
  if (test === 'z') return sizeOf(node) === 0 ? 1 : '';
  if (test === 'M' || test === 'A' || test === 'C') return days;
  return kinds[test] ? 1 : '';
}
