import type { WorldNode } from '../../../../world/node.ts';
import { sizeOf } from '../../../../world/node.ts';
import { nameOf as lastOf, parentOf } from '../../../../world/paths.ts';
import { leave } from '../built-ins.ts';
import { raiseOs } from '../faults.ts';
import type { Modules } from '../modules.ts';
import { keyOf } from '../operators.ts';
import { builtIns, type Runtime, textArgument } from '../runtime.ts';
import { inWorld, openFile, placeOf } from '../text-files.ts';
import { PyBytes, PyClass, PyDict, PyInstance, PyList, PyModule, PyTuple, type Value } from '../values.ts';
import { osCommands } from './processes.ts';

export const osModules: Modules = {
  os: (runtime) => [
    ['path', new PyModule('posixpath', new Map(osPath(runtime)))],
    ['environ', environ(runtime)],
    ...constants,
    ...osCommands(runtime),
    ...builtIns({ ...files(runtime), ...ids(runtime) }),
  ],
  'os.path': osPath,
  shutil: (runtime) => builtIns(copying(runtime)),
  glob: (runtime) =>
    builtIns({ glob: ([pattern], named) => globbed(runtime, textArgument(pattern), named.get('recursive') === true) }),
  tempfile: (runtime) => builtIns(temporary(runtime)),
};

const constants: [string, Value][] = [
  ...([
    ['name', 'posix'],
    ['sep', '/'],
    ['linesep', '\n'],
    ['devnull', '/dev/null'],
    ['pathsep', ':'],
  ] as const),
  ...([
    ['F_OK', 0n],
    ['R_OK', 4n],
    ['W_OK', 2n],
    ['X_OK', 1n],
    ['O_RDONLY', 0n],
    ['WNOHANG', 1n],
  ] as const),
].map(([name, value]) => [name, value]);

function environ({ call }: Runtime): PyDict {
  const dict = new PyDict();
  for (const [name, value] of Object.entries(call.shell.exportedEnv ?? {}))
    dict.entries.set(keyOf(name), [name, value]);
  return dict;
}

function ids(runtime: Runtime) {
  const { machine, shell } = runtime.call;
  return {
    getuid: () => BigInt(machine.actor.uid),
    geteuid: () => BigInt(machine.actor.uid),
    getgid: () => BigInt(machine.actor.gid),
    getpid: () => BigInt(machine.visitor.pid + 9),
    getppid: () => BigInt(machine.visitor.pid),
    getlogin: () => machine.visitor.user,
    getcwd: () => runtime.cwd,
    cpu_count: () => BigInt(machine.persona.cpu.cores),
    getloadavg: () => new PyTuple([0.08, 0.03, 0.01]),
    getenv: ([name, otherwise = null]: readonly Value[]) => shell.exportedEnv?.[String(name)] ?? otherwise,
    uname: () => unameOf(runtime),
    _exit: ([code = 0n]: readonly Value[]) => leave(code),
    umask: () => 0o22n,
    isatty: () => false,
    urandom: ([size]: readonly Value[]) =>
      new PyBytes(
        Buffer.from(Array.from({ length: Math.min(Number(size), 65_536) }, () => Math.floor(Math.random() * 256))),
      ),
  };
}

function unameOf({ call }: Runtime): Value {
  const { kernel, hostname } = call.machine.persona;
  const names = {
    sysname: 'Linux',
    nodename: hostname,
    release: kernel.release,
    version: kernel.build,
    machine: kernel.machine,
  };
  return new PyInstance(
    new PyClass('uname_result', [], new Map(), () => null),
    new Map<string, Value>([...Object.entries(names), ['\0groups', new PyTuple(Object.values(names))]]),
  );
}

function files(runtime: Runtime) {
  const { world, actor } = runtime.call.machine;
  const at = (value: Value | undefined) => placeOf(runtime, textArgument(value));
  const named = (value: Value | undefined) => String(value);
  const list = (path: Value = '.') => {
    const node = world.find(at(path));
    if (node && node.kind !== 'folder') raiseOs('ENOTDIR', named(path));
    return inWorld(named(path), () => world.list(at(path), actor)).sort();
  };
  const remove = (path: Value | undefined) => changed(named(path), () => world.remove(at(path), actor));
  return {
    listdir: ([path]: readonly Value[]) => new PyList(list(path)),
    scandir: ([path]: readonly Value[]) =>
      new PyList(list(path).map((name) => entryOf(runtime, String(path ?? '.'), name))),
    walk: ([top]: readonly Value[]) => new PyList(walk(runtime, textArgument(top))),
    mkdir: ([path, mode]: readonly Value[]) =>
      changed(named(path), () => world.makeFolder(at(path), actor, Number(mode ?? 0o755))),
    makedirs([path]: readonly Value[], options: ReadonlyMap<string, Value>) {
      if (world.find(at(path)) && options.get('exist_ok') !== true) raiseOs('EEXIST', named(path));
      const missing: string[] = [];
      for (let folder = at(path); folder !== '/' && !world.find(folder); folder = parentOf(folder))
        missing.unshift(folder);
      for (const folder of missing) inWorld(folder, () => world.makeFolder(folder, actor));
      return null;
    },
    remove: ([path]: readonly Value[]) => remove(path),
    unlink: ([path]: readonly Value[]) => remove(path),
    rmdir: ([path]: readonly Value[]) => remove(path),
    rename: ([from, to]: readonly Value[]) => changed(named(from), () => world.move(at(from), at(to), actor)),
    symlink: ([target, path]: readonly Value[]) =>
      changed(named(path), () => world.makeLink(at(path), String(target), actor)),
    readlink([path]: readonly Value[]) {
      const node = world.lookAt(at(path));
      return node?.kind === 'link' ? node.target : raiseOs('ENOENT', named(path));
    },
    chmod: ([path, mode]: readonly Value[]) =>
      changed(named(path), () => world.change(at(path), actor, { mode: Number(mode) })),
    chown: () => null,
    access: ([path]: readonly Value[]) => world.find(at(path)) !== undefined,
    stat: ([path]: readonly Value[]) => statOf(inWorld(named(path), () => world.get(at(path)))),
    chdir([path]: readonly Value[]) {
      if (world.find(at(path))?.kind !== 'folder') raiseOs('ENOENT', named(path));
      runtime.cwd = at(path);
      return null;
    },
  };
}

function changed(path: string, act: () => void): null {
  inWorld(path, act);
  return null;
}

function statOf(node: WorldNode): PyInstance {
  const kind = node.kind === 'folder' ? 0o040000 : node.kind === 'link' ? 0o120000 : 0o100000;
  const facts = {
    st_size: BigInt(sizeOf(node)),
    st_mode: BigInt(kind | node.mode),
    st_mtime: node.mtimeMs / 1000,
    st_uid: BigInt(node.uid),
    st_gid: BigInt(node.gid),
  };
  return new PyInstance(
    new PyClass('stat_result', [], new Map(), () => null),
    new Map<string, Value>(Object.entries(facts)),
  );
}

function entryOf(runtime: Runtime, folder: string, name: string): PyInstance {
  const path = `${folder.replace(/\/$/, '')}/${name}`;
  const is = (kind: string) => () => runtime.call.machine.world.find(placeOf(runtime, path))?.kind === kind;
  return new PyInstance(
    new PyClass('DirEntry', [], new Map(), () => null),
    new Map<string, Value>([
      ['name', name],
      ['path', path],
      ...builtIns({ is_dir: is('folder'), is_file: is('file') }),
    ]),
  );
}

const foldersMax = 2_000;

function walk(runtime: Runtime, top: string): PyTuple[] {
  const { world, actor } = runtime.call.machine;
  const found: PyTuple[] = [];
  const waiting = [top];
  for (let folder = waiting.shift(); folder !== undefined && found.length < foldersMax; folder = waiting.shift()) {
    runtime.step();
    const place = placeOf(runtime, folder);
    if (world.find(place)?.kind !== 'folder') continue;
    const names = inWorld(folder, () => world.list(place, actor)).sort();
    const join = (name: string) => `${folder?.replace(/\/$/, '')}/${name}`;
    const folders = names.filter((name) => world.find(placeOf(runtime, join(name)))?.kind === 'folder');
    found.push(new PyTuple([folder, new PyList(folders), new PyList(names.filter((name) => !folders.includes(name)))]));
    waiting.unshift(
      ...folders.filter((name) => world.lookAt(placeOf(runtime, join(name)))?.kind === 'folder').map(join),
    );
  }
  return found;
}

function osPath(runtime: Runtime): [string, Value][] {
  const { world } = runtime.call.machine;
  const node = (path: Value | undefined) => world.find(placeOf(runtime, textArgument(path)));
  const base = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  return builtIns({
    join: (parts) =>
      parts
        .map(textArgument)
        .reduce((all, part) =>
          part.startsWith('/') ? part : all === '' || all.endsWith('/') ? all + part : `${all}/${part}`,
        ),
    exists: ([path]) => node(path) !== undefined,
    lexists: ([path]) => world.lookAt(placeOf(runtime, textArgument(path))) !== undefined,
    isfile: ([path]) => ['file', 'made'].includes(node(path)?.kind ?? ''),
    isdir: ([path]) => node(path)?.kind === 'folder',
    islink: ([path]) => world.lookAt(placeOf(runtime, textArgument(path)))?.kind === 'link',
    getsize: ([path]) => BigInt(sizeOf(inWorld(String(path), () => world.get(placeOf(runtime, textArgument(path)))))),
    getmtime: ([path]) => inWorld(String(path), () => world.get(placeOf(runtime, textArgument(path)))).mtimeMs / 1000,
    basename: ([path]) => base(textArgument(path)),
    dirname: ([path]) => textArgument(path).replace(/\/?[^/]*$/, '') || (textArgument(path).startsWith('/') ? '/' : ''),
    abspath: ([path]) => placeOf(runtime, textArgument(path)),
    realpath: ([path]) => placeOf(runtime, textArgument(path)),
    normpath: ([path]) =>
      textArgument(path)
        .replace(/\/+/g, '/')
        .replace(/(.)\/$/, '$1'),
    expanduser: ([path]) =>
      textArgument(path).replace(/^~(?=\/|$)/, runtime.call.shell.exportedEnv?.['HOME'] ?? '/root'),
    split: ([path]) => new PyTuple([textArgument(path).replace(/\/?[^/]*$/, ''), base(textArgument(path))]),
    splitext: ([path]) => {
      const [, stem = textArgument(path), ending = ''] = /^(.*[^/])(\.[^./]*)$/.exec(textArgument(path)) ?? [];
      return new PyTuple([stem, ending]);
    },
    isabs: ([path]) => textArgument(path).startsWith('/'),
  });
}

function copying(runtime: Runtime) {
  const { world, actor } = runtime.call.machine;
  const at = (value: Value | undefined) => placeOf(runtime, textArgument(value));
  const copy = ([from, to]: readonly Value[]) => {
    const into = world.find(at(to))?.kind === 'folder' ? `${at(to)}/${lastOf(at(from))}` : at(to);
    const bytes = inWorld(String(from), () => world.read(at(from), actor));
    inWorld(String(to), () => world.write(into, bytes, actor, 0o644));
    return textArgument(to);
  };
  const moved = (from: Value | undefined, to: Value | undefined) => {
    inWorld(String(from), () => world.move(at(from), at(to), actor));
    return textArgument(to);
  };
  return {
    copy,
    copyfile: copy,
    copy2: copy,
    move: ([from, to]: readonly Value[]) => moved(from, to),
    rmtree([path]: readonly Value[]) {
      const places = world.paths().filter((place) => place === at(path) || place.startsWith(`${at(path)}/`));
      if (places.length === 0) raiseOs('ENOENT', String(path));
      for (const place of places.sort((a, b) => b.length - a.length)) inWorld(place, () => world.remove(place, actor));
      return null;
    },
    which: ([name]: readonly Value[]) =>
      ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin']
        .map((folder) => `${folder}/${String(name)}`)
        .find((path) => world.find(path)) ?? null,
  };
}

function globbed(runtime: Runtime, pattern: string, isDeep: boolean): PyList {
  const place = placeOf(runtime, pattern);
  const source = place
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*\*\/?/g, isDeep ? '\0' : '*')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]')
    .replaceAll('\0', '(?:.*/)?');
  const test = new RegExp(`^${source.slice(0, 500)}$`);
  const found = runtime.call.machine.world.paths().filter((path) => test.test(path) && !/\/\.[^/]*$/.test(path));
  return new PyList(found.map((path) => (pattern.startsWith('/') ? path : path.slice(runtime.cwd.length + 1))));
}

function temporary(runtime: Runtime) {
  const name = () => `/tmp/tmp${Math.random().toString(36).slice(2, 10)}`;
  return {
    gettempdir: () => '/tmp',
    mkdtemp() {
      const path = name();
      inWorld(path, () => runtime.call.machine.world.makeFolder(path, runtime.call.machine.actor, 0o700));
      return path;
    },
    mkstemp() {
      const path = name();
      openFile(runtime, path, 'w');
      return new PyTuple([3n, path]);
    },
    mktemp: () => name(),
    NamedTemporaryFile: ([mode]: readonly Value[]) => openFile(runtime, name(), String(mode ?? 'w+b')),
  };
}
