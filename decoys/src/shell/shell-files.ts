import type { FsStat, IFileSystem } from 'just-bash';
import { WorldFault } from '../world/faults.ts';
import { bytesOf, sizeOf, type WorldNode } from '../world/node.ts';
import { childPath, nameOf, parentOf, resolvePath } from '../world/paths.ts';
import type { Actor, World } from '../world/world.ts';
import { unsafeBytes } from './bytes.ts';
import { helpMark } from './programs/help.ts';
import { isMarked, withMark, withoutMark } from './redirect-marks.ts';

/** The name under which an unknown program is "run"; see `readFile`. */
export const strangerProgram = '__run';

/** The interpreter gives no sign of `exit`: this comes after a statement, and is not reached where the shell ended. */
export const aliveMark = '__alive';
/** Gives a statement the `$?` of the one before. */
export const statusMark = '__status';
/** Takes what the shell is to remember beyond the statement. */
export const keptMark = '__kept';
const shellWords: ReadonlySet<string> = new Set([
  aliveMark,
  statusMark,
  keptMark,
  helpMark,
  strangerProgram,
  'alias',
  'enable',
  'unalias',
  'history',
  'trap',
  'umask',
  'ulimit',
  'jobs',
  'disown',
  'bg',
  'fg',
  'logout',
  'exit',
]);

const isElf = (bytes: Uint8Array) => bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;

/** `/usr/bin/perl -w` of a script whose first line says so. */
function otherRunner(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
  const [, runner] =
    /^#! *(?:\/\S*\/)?(?:env +)?((?:perl|python\d?)(?: -\w+)*) *\r?\n/.exec(
      Buffer.from(bytes.subarray(0, 100)).toString('latin1'),
    ) ?? [];
  return runner;
}

/** An attacker's world as the interpreter wants its file system. `actor` is read at every call: `su` changes it. */
export function createShellFiles(world: World, actor: Actor): IFileSystem {
  const files = plainFiles(world, actor);
  return Object.assign<object, IFileSystem>(Object.create(kindOfItsOwn), {
    ...files,
    resolvePath: (base, path) =>
      isMarked(path) ? withMark(resolvePath(base, withoutMark(path))) : resolvePath(base, path),
    exists: async (path) => {
      if (isMarked(path) && !mayWrite(world, actor, withoutMark(path))) throw new WorldFault('ENOENT', path);
      return await files.exists(withoutMark(path));
    },
    stat: (path) => files.stat(withoutMark(path)),
    readFile: (path, options) => files.readFile(withoutMark(path), options),
    readFileBytes: (path) => files.readFileBytes(withoutMark(path)),
    readFileBuffer: (path) => files.readFileBuffer(withoutMark(path)),
    writeFile: (path, content, options) => files.writeFile(withoutMark(path), content, options),
    appendFile: (path, content, options) => files.appendFile(withoutMark(path), content, options),
  });
}

/**
 * The interpreter gives each program of ours a copy of every plain object that it hands over, function by function, and of others one
 * view: a file system that is no plain object saves a tenth of what a short command costs (12.0 to 10.7 ms for the ten of a micro-benchmark).
 */
const kindOfItsOwn = Object.freeze({});

/** Whether what a command says can go there; the fault's own words are found when it is told. */
function mayWrite(world: World, actor: Actor, path: string): boolean {
  if (/^\/dev\/(?:tcp|udp)\//.test(path)) return false;
  const node = found(() => world.find(path));
  if (node) return node.kind === 'folder' || world.mayWrite(path, actor);
  return world.mayWrite(path, actor);
}

type ByteFiles = IFileSystem & Required<Pick<IFileSystem, 'readFileBytes'>>;

function plainFiles(world: World, actor: Actor): ByteFiles {
  /** The file whose mode was asked for last: before a file is run the interpreter looks at that, and then reads it at once; who reads it otherwise does not. */
  let mayRun: string | undefined;
  const files: ByteFiles = {
    /** Text is what the interpreter reads to run a file; a program for the processor must not be run as a script. */
    async readFile(path, options) {
      const bytes = world.read(path, actor);
      const encoding = typeof options === 'string' ? options : options?.encoding;
      if (isElf(bytes)) return `${strangerProgram} "$0" "$@"\n`;
      // What its first line names runs it, where that is no shell.
      const runner = mayRun === path ? otherRunner(bytes) : undefined;
      if (runner !== undefined) return `${runner} "$0" "$@"\n`;
      return Buffer.from(bytes).toString(encoding === 'latin1' || encoding === 'binary' ? 'latin1' : 'utf8');
    },
    readFileBytes: async (path) => unsafeBytes(world.read(path, actor)),
    readFileBuffer: async (path) => world.read(path, actor),
    async writeFile(path, content, options) {
      world.write(path, encode(content, options), actor, 0o666 & ~0o022);
    },
    async appendFile(path, content, options) {
      const old = world.find(path);
      const added = encode(content, options);
      world.write(path, old && old.kind !== 'device' ? Buffer.concat([bytesOf(old), added]) : added, actor);
    },
    exists: async (path) => isShellWord(path) || found(() => world.find(path)) !== undefined,
    async stat(path) {
      mayRun = undefined;
      if (isShellWord(path)) return shellWordStat;
      const node = world.get(path);
      const described = describe(node, path);
      if (node.kind !== 'file') return described;
      return Object.defineProperty(described, 'mode', {
        enumerable: true,
        get() {
          mayRun = path;
          return node.mode;
        },
      });
    },
    lstat: async (path) => describe(found(() => world.lookAt(path)) ?? missing(path), path),
    async mkdir(path, options) {
      if (!options?.recursive) return world.makeFolder(path, actor);
      const missingFolders: string[] = [];
      for (let folder = path; folder !== '/' && !world.find(folder); folder = parentOf(folder))
        missingFolders.unshift(folder);
      for (const folder of missingFolders) world.makeFolder(folder, actor);
    },
    readdir: async (path) => world.list(path, actor).sort(),
    readdirWithFileTypes: async (path) =>
      world
        .list(path, actor)
        .sort()
        .flatMap((name) => {
          const node = world.lookAt(childPath(path, name));
          return node ? [{ name, ...kindsOf(node) }] : [];
        }),
    async rm(path, options) {
      const node = world.lookAt(path);
      if (!node) {
        if (options?.force) return;
        missing(path);
      }
      removeTree(path, options?.recursive === true);
    },
    async cp(from, to, options) {
      copyTree(from, to, options?.recursive === true);
    },
    mv: async (from, to) => world.move(from, to, actor),
    resolvePath,
    getAllPaths: () => world.paths(),
    chmod: async (path, mode) => world.change(path, actor, { mode }),
    symlink: async (target, path) => world.makeLink(path, target, actor),
    async link(from, to) {
      const node = world.get(from);
      world.write(to, bytesOf(node), actor, node.mode);
    },
    async readlink(path) {
      const node = world.lookAt(path);
      if (node?.kind !== 'link') throw new WorldFault('ENOENT', path);
      return node.target;
    },
    realpath: async (path) => world.realPath(path),
    utimes: async (path, _accessed, modified) => world.change(path, actor, { mtimeMs: modified.getTime() }),
  };
  return files;

  function removeTree(path: string, isRecursive: boolean): void {
    const node = world.lookAt(path);
    if (node?.kind === 'folder' && isRecursive) {
      for (const name of world.list(path, actor)) removeTree(childPath(path, name), true);
    }
    world.remove(path, actor);
  }

  function copyTree(from: string, to: string, isRecursive: boolean): void {
    const node = world.get(from);
    if (node.kind !== 'folder') {
      world.write(to, bytesOf(node), actor, node.mode);
      return;
    }
    if (!isRecursive) throw new WorldFault('EISDIR', from);
    if (to === from || to.startsWith(`${from}/`)) throw new WorldFault('EPERM', to);
    if (!world.find(to)) world.makeFolder(to, actor, node.mode);
    for (const name of world.list(from, actor)) copyTree(childPath(from, name), childPath(to, name), true);
  }
}

/**
 * Words of the shell that the interpreter lacks are programs of ours, and it runs a program only where there is a file.
 * There is one for it alone: what looks at the world does not see it.
 */
export function isShellWord(path: string): boolean {
  return path.startsWith('/usr/bin/') && shellWords.has(path.slice(9));
}

const shellWordStat: FsStat = {
  isFile: true,
  isDirectory: false,
  isSymbolicLink: false,
  mode: 0o755,
  size: 0,
  mtime: new Date(0),
};

/** What there is at a path; a loop of links is as good as nothing there. */
export function found<T>(look: () => T | undefined): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function missing(path: string): never {
  throw new WorldFault('ENOENT', path);
}

function describe(node: WorldNode, path: string): FsStat {
  return {
    ...kindsOf(node),
    mode: node.mode,
    size: sizeOf(node),
    mtime: new Date(node.mtimeMs),
    identity: nameOf(path) && path,
  };
}

function kindsOf(node: WorldNode) {
  return {
    isFile: node.kind === 'file' || node.kind === 'made',
    isDirectory: node.kind === 'folder',
    isSymbolicLink: node.kind === 'link',
  };
}

function encode(content: string | Uint8Array, options: { encoding?: string } | string | undefined): Uint8Array {
  if (typeof content !== 'string') return content;
  const encoding = typeof options === 'string' ? options : options?.encoding;
  return Buffer.from(content, encoding === 'latin1' || encoding === 'binary' ? 'latin1' : 'utf8');
}
