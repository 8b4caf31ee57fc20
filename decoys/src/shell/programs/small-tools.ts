import { faultTexts, WorldFault } from '../../world/faults.ts';
import { parentOf, resolvePath } from '../../world/paths.ts';
import { type Call, fail, interpretersOwn, type Programs, type Result, readOptions, say } from '../program.ts';
import { wholeFile } from './files.ts';
import { nested } from './nested.ts';

/** Small text and file tools that the interpreter lacks. */
export const smallToolPrograms: Programs = {
  realpath: ({ args, machine, shell }) => {
    const { rest } = readOptions(args);
    if (rest.length === 0) return fail("realpath: missing operand\nTry 'realpath --help' for more information.\n");
    const isThere = (path: string) => machine.world.find(path) !== undefined;
    let stdout = '';
    let stderr = '';
    for (const name of rest) {
      const path = walk(machine, shell.cwd, name);
      // Only the last name may be of nothing.
      if (isThere(path)) stdout += `${machine.world.realPath(path)}\n`;
      else if (isThere(parentOf(path))) stdout += `${path}\n`;
      else stderr += `realpath: ${name}: ${faultTexts.ENOENT}\n`;
    }
    return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
  },
  readlink: async (call) => {
    const { flags, rest } = readOptions(call.args);
    if (!['f', 'e', 'm', 'canonicalize'].some((flag) => flags.has(flag))) return interpretersOwn;
    const { machine, shell } = call;
    const paths = rest.map((name) => walk(machine, shell.cwd, name));
    const known = paths.filter((path) => flags.has('m') || machine.world.find(flags.has('e') ? path : parentOf(path)));
    const shown = known.map((path) => `${machine.world.find(path) ? machine.world.realPath(path) : path}\n`);
    return { stdout: shown.join(''), exitCode: known.length === paths.length && paths.length > 0 ? 0 : 1 };
  },
  truncate: ({ args, machine, shell }) => {
    const { flags, rest } = readOptions(args, 's');
    const given = flags.get('s') ?? flags.get('size');
    const [, digits, unit = ''] = /^(\d{1,9})([KMG]?)/.exec(given ?? '') ?? [];
    if (digits === undefined)
      return fail(
        "truncate: you must specify either ‘--size’ or ‘--reference’\nTry 'truncate --help' for more information.\n",
      );
    const size = Math.min(8 * 1024 * 1024, Number(digits) * ({ K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[unit] ?? 1));
    return onEach(rest, 'truncate: cannot open', (name) => {
      const bytes = Buffer.alloc(size);
      (wholeFile({ machine, shell }, name) ?? Buffer.alloc(0)).copy(bytes);
      machine.world.write(resolvePath(shell.cwd, name), bytes, machine.actor);
    });
  },
  fallocate: ({ args, machine, shell }) => {
    const { flags, rest } = readOptions(args, 'lo');
    const [name] = rest;
    if (name === undefined) return fail('fallocate: no filename specified\n');
    const [, digits, unit = ''] = /^(\d{1,9})([KMG]?)/.exec(flags.get('l') ?? flags.get('length') ?? '') ?? [];
    if (digits === undefined) return fail('fallocate: no length argument specified\n');
    const wanted = Number(digits) * ({ K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[unit] ?? 1);
    const before = wholeFile({ machine, shell }, name) ?? Buffer.alloc(0);
    const bytes = Buffer.alloc(Math.min(8 * 1024 * 1024, Math.max(before.length, wanted)));
    before.copy(bytes);
    machine.world.write(resolvePath(shell.cwd, name), bytes, machine.actor);
    return {};
  },
  'systemd-run': ({ args, machine }) => {
    const at = args.findIndex((arg) => !arg.startsWith('-'));
    if (at < 0) return fail('Command line to execute required.\n');
    const unit = `run-r${machine.persona.machineId.slice(0, 32)}.service`;
    return { stderr: `Running as unit: ${unit}\n` };
  },
  unlink: ({ args, machine, shell }) =>
    onEach(args.slice(0, 1), 'unlink: cannot unlink', (name) =>
      machine.world.remove(resolvePath(shell.cwd, name), machine.actor),
    ),
  install: ({ args, machine, shell }) => {
    const { flags, rest } = readOptions(args, 'mogt');
    const mode = Number.parseInt(flags.get('m') ?? '755', 8);
    if (flags.has('d'))
      return onEach(rest, 'install: cannot create directory', (name) => {
        const path = resolvePath(shell.cwd, name);
        if (!machine.world.find(path)) machine.world.makeFolder(path, machine.actor, mode);
      });
    const target = rest.at(-1);
    if (rest.length < 2 || target === undefined)
      return fail(
        `install: missing ${rest[0] ? `destination file operand after '${rest[0]}'` : 'file operand'}\nTry 'install --help' for more information.\n`,
      );
    const place = resolvePath(shell.cwd, target);
    const isFolder = machine.world.find(place)?.kind === 'folder';
    return onEach(rest.slice(0, -1), 'install: cannot stat', (name) => {
      const bytes = machine.world.read(resolvePath(shell.cwd, name), machine.actor);
      const to = isFolder ? `${place}/${name.replace(/^.*\//, '')}` : place;
      machine.world.write(to, bytes, machine.actor, mode);
      machine.world.change(to, machine.actor, { mode });
    });
  },
  shuf: ({ args, stdin, ...call }) => {
    const { flags, rest } = readOptions(args, 'nior');
    const [, low, high] = /^(\d{1,6})-(\d{1,6})$/.exec(flags.get('i') ?? '') ?? [];
    const lines =
      low !== undefined
        ? Array.from({ length: Math.min(20_000, Math.max(0, Number(high) - Number(low) + 1)) }, (_, at) =>
            String(Number(low) + at),
          )
        : flags.has('e')
          ? rest
          : (rest[0] ? (wholeFile(call, rest[0])?.toString('utf8') ?? '') : stdin()).replace(/\n$/, '').split('\n');
    const mixed = lines.map((line) => [Math.random(), line] as const).sort(([a], [b]) => a - b);
    return say(
      mixed
        .slice(0, Number(flags.get('n') ?? mixed.length))
        .map(([, line]) => `${line}\n`)
        .join(''),
    );
  },
  factor: ({ args, stdin }) =>
    say(
      (args.length > 0 ? args : stdin().split(/\s+/))
        .filter((word) => /^\d{1,12}$/.test(word))
        .map((word) => `${word}:${factors(Number(word))}\n`)
        .join(''),
    ),
  mknod: ({ args, machine, shell }) =>
    args.length < 2
      ? fail("mknod: missing operand\nTry 'mknod --help' for more information.\n")
      : onEach(args.slice(0, 1), 'mknod:', (name) =>
          machine.world.write(resolvePath(shell.cwd, name), new Uint8Array(), machine.actor),
        ),
  ...Object.fromEntries(['gawk', 'mawk', 'nawk'].map((name) => [name, (call: Call) => as('awk', call)])),
  test: (call) => as('test', call),
  '[': (call) => as('[', call),
};

/** Name by name, so that `..` is that of where a link leads. */
function walk({ world }: Call['machine'], cwd: string, name: string): string {
  let at = name.startsWith('/') ? '/' : cwd;
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    const next = part === '..' ? parentOf(at) : `${at === '/' ? '' : at}/${part}`;
    try {
      at = world.find(next) ? world.realPath(next) : next;
    } catch {
      // A loop of links: as it is written.
      at = next;
    }
  }
  return at;
}

/** Another name of what the interpreter has. */
async function as(name: string, { shell, args }: Call): Promise<Result> {
  return await nested(shell, name, args);
}

function onEach(names: readonly string[], head: string, act: (name: string) => void): Result {
  let stderr = '';
  for (const name of names) {
    try {
      act(name);
    } catch (error) {
      if (!(error instanceof WorldFault)) throw error;
      stderr += `${head} '${name}': ${faultTexts[error.code]}\n`;
    }
  }
  return fail(stderr, stderr === '' ? 0 : 1);
}

function factors(value: number): string {
  let [rest, shown] = [value, ''];
  for (let by = 2; by * by <= rest; by++) for (; rest % by === 0; rest /= by) shown += ` ${by}`;
  return rest > 1 ? `${shown} ${rest}` : shown;
}
