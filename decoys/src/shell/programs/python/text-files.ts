import { WorldFault } from '../../../world/faults.ts';
import { raise, raiseOs } from './faults.ts';
import { itemsOf } from './operators.ts';
import { builtIns, type Runtime, textArgument } from './runtime.ts';
import { encodingOf } from './text-methods.ts';
import { PyBytes, PyClass, PyInstance, PyIterator, PyList, type Value } from './values.ts';

const fileType = new PyClass('TextIOWrapper', [], new Map(), () => null);
const bytesMax = 4 * 1024 * 1024;

/** What the world says no to, as Python says it. */
export function inWorld<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof WorldFault) raiseOs(error.code, path);
    throw error;
  }
}

/** A path of the program's in the visitor's world. */
export function placeOf({ call, cwd }: Runtime, path: string): string {
  return call.shell.fs.resolvePath(cwd, path);
}

/** `open(path, mode)`. Each write is in the world at once. @throws PythonFault */
export function openFile(runtime: Runtime, pathValue: Value | undefined, mode: string, encoding?: Value): Value {
  const path = textArgument(pathValue);
  const place = placeOf(runtime, path);
  const { world, actor } = runtime.call.machine;
  const isBytes = mode.includes('b');
  const [writes, adds] = [/[wax+]/.test(mode), mode.includes('a')];
  if (mode.includes('x') && world.find(place)) raiseOs('EEXIST', path);
  if (/[wx]/.test(mode)) inWorld(path, () => world.write(place, new Uint8Array(), actor, 0o644));
  let content = inWorld(path, () =>
    adds && !world.find(place) ? Buffer.alloc(0) : Buffer.from(world.read(place, actor)),
  );
  return fileOver({
    ...{ path, isBytes, writes, encoding: encodingOf(encoding) },
    read: () => content,
    write(bytes) {
      if (content.length + bytes.length > bytesMax) raiseOs('ENOSPC', path);
      content = Buffer.concat([content, bytes]);
      inWorld(path, () => world.write(place, content, actor, 0o644));
    },
  });
}

interface Source {
  readonly path: string;
  readonly isBytes: boolean;
  readonly writes: boolean;
  readonly encoding: 'utf8' | 'latin1' | 'utf16le';
  readonly read: () => Buffer;
  readonly write: (bytes: Buffer) => void;
}

/** A file, or a stream that is read and written as one. */
export function fileOver({ path, isBytes, writes, encoding, read, write }: Source): PyInstance {
  let at = 0;
  let isClosed = false;
  const shown = (bytes: Buffer): Value => (isBytes ? new PyBytes(bytes) : bytes.toString(encoding));
  const take = (bytes: number): Buffer => {
    if (isClosed) raise('ValueError', 'I/O operation on closed file.');
    const taken = read().subarray(at, bytes < 0 ? undefined : at + bytes);
    at += taken.length;
    return taken;
  };
  const line = (): Buffer => {
    const end = read().indexOf(0x0a, at);
    return take(end < 0 ? -1 : end - at + 1);
  };
  const lines = (): Value[] => {
    const all: Value[] = [];
    for (let next = line(); next.length > 0; next = line()) all.push(shown(next));
    return all;
  };
  const put = (value: Value = null): Value => {
    if (!writes) raise('io.UnsupportedOperation', 'not writable');
    if (typeof value === 'string' ? isBytes : !isBytes)
      raise('TypeError', isBytes ? "a bytes-like object is required, not 'str'" : 'write() argument must be str');
    const bytes = value instanceof PyBytes ? value.bytes : Buffer.from(String(value), encoding);
    write(bytes);
    return BigInt(value instanceof PyBytes ? bytes.length : String(value).length);
  };
  return withLines(
    new PyInstance(
      fileType,
      new Map<string, Value>([
        ['name', path],
        ...builtIns({
          read: ([size]) => shown(take(size === undefined || size === null ? -1 : Number(size))),
          readline: () => shown(line()),
          readlines: () => new PyList(lines()),
          write: ([value]) => put(value),
          writelines([values = null]) {
            itemsOf(values).map(put);
            return null;
          },
          seek([place]) {
            at = Math.max(0, Number(place));
            return BigInt(at);
          },
          tell: () => BigInt(at),
          flush: () => null,
          fileno: () => 3n,
          isatty: () => false,
          close() {
            isClosed = true;
            return null;
          },
        }),
      ]),
    ),
    lines,
  );
}

/** A file is gone through by its lines, from where it was read up to; one that is only written is never read. */
function withLines(file: PyInstance, lines: () => Value[]): PyInstance {
  const get = file.members.get.bind(file.members);
  file.members.get = (name) => (name === '\0lines' ? new PyIterator(lines(), 'file') : get(name));
  return file;
}
