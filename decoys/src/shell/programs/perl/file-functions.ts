import { WorldFault } from '../../../world/faults.ts';
import { sizeOf } from '../../../world/node.ts';
import { childPath } from '../../../world/paths.ts';
import { inodeOf } from '../listing.ts';
import { quote } from '../nested.ts';
import type { BuiltInCall, BuiltIns } from './built-ins.ts';
import { handleOf, nextLine, outputOf, readFile } from './input-output.ts';
import { failWith, pathOf, type Runtime } from './runtime.ts';
import { Cell, numberOf, PerlHandle, type Scalar, textOf } from './values.ts';

/** Functions on files and folders, all of them the world's. */
export const fileFunctions: BuiltIns = {
  open,
  close: async ({ value, runtime }) => {
    const handle = handleOf(runtime, await value());
    if (!handle?.isOpen) return failWith(runtime, 'EBADF') ?? '';
    handle.isOpen = false;
    runtime.flush();
    return handle.close ? ((await handle.close()) === 0 ? 1 : '') : 1;
  },
  eof: async ({ args, value, runtime }) => {
    const handle =
      args.length > 0
        ? handleOf(runtime, await value())
        : (runtime.handles.get('ARGV') ?? runtime.handles.get('STDIN'));
    return !handle || handle.at >= handle.input.length ? 1 : '';
  },
  binmode: () => 1,
  fileno: async ({ value, runtime }) => {
    const name = handleOf(runtime, await value())?.name ?? '';
    return { STDIN: 0, STDOUT: 1, STDERR: 2 }[name] ?? 3;
  },
  select: async ({ args, value, runtime }) => {
    const old = runtime.selected;
    if (args.length === 1) runtime.selected = handleOf(runtime, await value())?.name ?? old;
    return args.length > 1 ? 0 : old;
  },
  read: readBytes,
  sysread: readBytes,
  getc: async ({ value, args, runtime }) => {
    const handle = handleOf(runtime, args.length > 0 ? await value() : 'STDIN');
    return handle && handle.at < handle.input.length ? handle.input[handle.at++] : undefined;
  },
  syswrite: async ({ values, runtime }) => {
    const [to, text, length] = await values();
    const handle = handleOf(runtime, to);
    const some = textOf(text).slice(0, length === undefined ? undefined : numberOf(length));
    if (!handle?.output) return failWith(runtime, 'EBADF');
    handle.output(some);
    return some.length;
  },
  seek: async ({ values, runtime }) => {
    const [of, at] = await values();
    const handle = handleOf(runtime, of);
    if (handle) handle.at = numberOf(at);
    return 1;
  },
  tell: async ({ value, runtime }) => handleOf(runtime, await value())?.at ?? -1,
  truncate: () => 1,
  flock: () => 1,
  fcntl: () => 1,
  ioctl: () => '',
  unlink: async (call) =>
    await onEach(call, (path) => {
      if (call.runtime.call.machine.world.lookAt(path)?.kind === 'folder') throw new WorldFault('EISDIR', path);
      call.runtime.call.machine.world.remove(path, call.runtime.call.machine.actor);
    }),
  mkdir: async ({ values, runtime }) => {
    const [name, mode] = await values();
    const { world, actor } = runtime.call.machine;
    return attempt(runtime, () =>
      world.makeFolder(pathOf(runtime, name), actor, mode === undefined ? 0o755 : numberOf(mode) & ~0o022),
    );
  },
  rmdir: async (call) => {
    const { world, actor } = call.runtime.call.machine;
    const path = pathOf(call.runtime, await call.value());
    return attempt(call.runtime, () => world.remove(path, actor));
  },
  rename: async ({ values, runtime }) => {
    const [from, to] = await values();
    const { world, actor } = runtime.call.machine;
    return attempt(runtime, () => world.move(pathOf(runtime, from), pathOf(runtime, to), actor));
  },
  link: async ({ values, runtime }) => {
    const [from, to] = await values();
    const { world, actor } = runtime.call.machine;
    return attempt(runtime, () => world.write(pathOf(runtime, to), world.read(pathOf(runtime, from), actor), actor));
  },
  symlink: async ({ values, runtime }) => {
    const [target, name] = await values();
    const { world, actor } = runtime.call.machine;
    return attempt(runtime, () => world.makeLink(pathOf(runtime, name), textOf(target), actor));
  },
  readlink: async ({ value, runtime }) => {
    const node = runtime.call.machine.world.lookAt(pathOf(runtime, await value()));
    return node?.kind === 'link' ? node.target : failWith(runtime, node ? 'EINVAL' : 'ENOENT');
  },
  chmod: async (call) => {
    const { world, actor } = call.runtime.call.machine;
    const [mode] = await call.values();
    return await onEach(call, (path) => world.change(path, actor, { mode: numberOf(mode) & 0o7777 }), 1);
  },
  chown: async (call) => {
    const { world, actor } = call.runtime.call.machine;
    const [uid, gid] = (await call.values()).map(numberOf);
    return await onEach(call, (path) => world.change(path, actor, { uid: uid ?? 0, gid: gid ?? 0 }), 2);
  },
  utime: async (call) => {
    const { world, actor } = call.runtime.call.machine;
    const [, seconds] = (await call.values()).map(numberOf);
    return await onEach(call, (path) => world.change(path, actor, { mtimeMs: (seconds ?? 0) * 1000 }), 2);
  },
  stat: async ({ value, runtime }) => statOf(runtime, await value()),
  lstat: async ({ value, runtime }) => statOf(runtime, await value()),
  glob: async ({ value, runtime }) => {
    const said = await outputOf(
      runtime,
      `for f in ${textOf(await value()).replace(/[;&|`$()\n]/g, '')}; do [ -e "$f" ] && printf '%s\\n' "$f"; done`,
    );
    return said.split('\n').filter((name) => name !== '');
  },
  opendir: async ({ args, value, runtime, places, scope }) => {
    const { world, actor } = runtime.call.machine;
    const path = pathOf(runtime, await value(1));
    const handle = new PerlHandle('DIR');
    const done = attempt(runtime, () => {
      handle.input = ['.', '..', ...world.list(path, actor)].map((name) => `${name}\n`).join('');
    });
    if (done === 1) await keep({ args, places, scope, runtime }, handle);
    return done;
  },
  readdir: async ({ value, runtime, isList }) => {
    const handle = handleOf(runtime, await value());
    const next = () => (handle ? nextLine(runtime, handle)?.replace(/\n$/, '') : undefined);
    if (!isList) return next();
    const names: Scalar[] = [];
    for (let name = next(); name !== undefined; name = next()) names.push(name);
    return names;
  },
  closedir: () => 1,
  rewinddir: () => 1,
};

/** Does what may fail as a system call does; `$!` says why. */
function attempt(runtime: Runtime, work: () => void): Scalar {
  runtime.flush();
  try {
    work();
    return 1;
  } catch (error) {
    if (!(error instanceof WorldFault)) throw error;
    failWith(runtime, error.code);
    return '';
  }
}

async function onEach(
  { values, runtime, args, value }: BuiltInCall,
  work: (path: string) => void,
  from = 0,
): Promise<number> {
  const names = args.length === 0 ? [await value()] : (await values()).slice(from);
  return names.filter((name) => attempt(runtime, () => work(pathOf(runtime, name))) === 1).length;
}

/** Puts an open handle where the call names it: a variable, or a bare name. */
async function keep(
  { args: [node], places, scope, runtime }: Pick<BuiltInCall, 'args' | 'places' | 'scope' | 'runtime'>,
  handle: PerlHandle,
): Promise<void> {
  if (!node) return;
  const isName = node.kind === 'glob' || (node.kind === 'call' && node.name.endsWith('\0'));
  if (isName) runtime.handles.set(node.name.replace(/\0$/, ''), handle);
  else if (node.kind === 'my' && node.target.kind === 'glob')
    runtime.handles.set(node.target.name.replace(/^\*/, ''), handle);
  else (await places.placeOf(node, scope)).set(handle);
}

async function open(call: BuiltInCall): Promise<Scalar> {
  const { runtime, args } = call;
  const given = textOf(await call.value(1));
  const [, sign = '<', rest = ''] = /^\s*(\+?[<>]{1,2}|\|)?\s*(.*?)\s*$/s.exec(given) ?? [];
  const third = args.length > 2 ? await call.value(2) : undefined;
  const mode = args.length > 2 ? given.trim().replace(/:.*$/, '').trim() : rest.endsWith('|') ? '-|' : sign;
  const name: Scalar = args.length > 2 ? third : rest.replace(/\|\s*$/, '').trim();
  const bare = args[0];
  const handle = new PerlHandle(bare?.kind === 'call' || bare?.kind === 'glob' ? bare.name.replace(/\0$/, '') : '$fh');
  const isOpen = await connect(
    runtime,
    handle,
    mode,
    name,
    args.slice(3).length > 0 ? (await call.values()).slice(3) : [],
  );
  if (isOpen) await keep(call, handle);
  return isOpen ? 1 : '';
}

/** @returns whether it could be opened */
async function connect(
  runtime: Runtime,
  handle: PerlHandle,
  mode: string,
  name: Scalar,
  words: readonly Scalar[],
): Promise<boolean> {
  const command = [textOf(name), ...words.map((word) => quote(textOf(word)))].join(' ');
  if (mode === '-|') {
    handle.input = await outputOf(runtime, command);
    handle.close = async () => 0;
    return true;
  }
  if (mode === '|-' || mode === '|') {
    let text = '';
    handle.output = (more) => {
      text += more;
    };
    handle.close = async () => {
      runtime.write(await outputOf(runtime, command, text));
      return 0;
    };
    return true;
  }
  if (name instanceof Cell) {
    handle.input = textOf(name.value);
    if (mode.includes('>'))
      handle.output = (text) => {
        name.value = textOf(name.value) + text;
      };
    return true;
  }
  if (/&/.test(mode) || /^&/.test(textOf(name))) {
    const other = handleOf(runtime, textOf(name).replace(/^&=?/, ''));
    if (other?.output) handle.output = other.output;
    return other !== undefined;
  }
  return openFile(runtime, handle, mode, name);
}

function openFile(runtime: Runtime, handle: PerlHandle, mode: string, name: Scalar): boolean {
  runtime.flush();
  if (mode === '<' || mode === '') {
    const text = readFile(runtime, name);
    handle.input = text ?? '';
    return text !== undefined;
  }
  const { world, actor } = runtime.call.machine;
  const path = pathOf(runtime, name);
  const isKept = mode === '>>' || mode === '+<';
  const old = isKept && world.find(path) ? (readFile(runtime, name) ?? '') : '';
  if (attempt(runtime, () => world.write(path, Buffer.from(old, 'latin1'), actor)) !== 1) return false;
  handle.input = mode === '+<' ? old : '';
  let text = old;
  runtime.written.set(path, () => text);
  handle.output = (more) => {
    text += more;
    runtime.written.set(path, () => text);
  };
  return true;
}

async function readBytes({ args, runtime, places, scope, value }: BuiltInCall): Promise<Scalar> {
  const handle = handleOf(runtime, await value());
  const [, into] = args;
  if (!handle || !into) return failWith(runtime, 'EBADF');
  const length = numberOf(await value(2));
  const text = handle.input.slice(handle.at, handle.at + length);
  handle.at += text.length;
  (await places.placeOf(into, scope)).set(text);
  return text.length;
}

function statOf(runtime: Runtime, name: Scalar): Scalar[] {
  const { world } = runtime.call.machine;
  runtime.flush();
  const path = pathOf(runtime, name);
  const node = world.find(path);
  if (!node) {
    failWith(runtime, 'ENOENT');
    return [];
  }
  const kind = node.kind === 'folder' ? 0o040000 : node.kind === 'device' ? 0o020000 : 0o100000;
  const time = Math.floor(node.mtimeMs / 1000);
  const size = sizeOf(node);
  return [
    64513,
    inodeOf(childPath(path, '').replace(/\/$/, '') || '/'),
    kind | node.mode,
    1,
    node.uid,
    node.gid,
    0,
    size,
    time,
    time,
    time,
    4096,
    Math.ceil(size / 512),
  ];
}
