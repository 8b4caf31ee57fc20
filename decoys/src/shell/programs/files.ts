import { bytesOf, sizeOf } from '../../world/node.ts';
import { resolvePath } from '../../world/paths.ts';
import { faultTexts, WorldFault } from '../../world/world.ts';
import { bytesFrom } from '../bytes.ts';
import { type Call, fail, type Programs, type Result, readOptions, say, sayBytes } from '../program.ts';
import { blocksOf, countLinks, inodeOf, modeText } from './listing.ts';
import { accountsIn, groupsIn } from './world-accounts.ts';

/** Programs on files that the interpreter lacks, or does in its own way. */
export const filePrograms: Programs = {
  stat,
  chown,
  chgrp: chown,
  chattr: ({ args, machine, shell }) =>
    onFiles(
      args,
      { machine, shell },
      'chattr',
      (operand) => `chattr: No such file or directory while trying to stat ${operand}\n`,
    ),
  lsattr: ({ args, machine, shell }) => {
    const operands = args.filter((arg) => !arg.startsWith('-'));
    const known = operands.filter((operand) => machine.world.find(resolvePath(shell.cwd, operand)));
    const unknown = operands.filter((operand) => !known.includes(operand));
    return {
      stdout: known.map((operand) => `--------------e------- ${operand}\n`).join(''),
      stderr: unknown.map((operand) => `lsattr: No such file or directory while trying to stat ${operand}\n`).join(''),
      exitCode: unknown.length > 0 ? 1 : 0,
    };
  },
  which,
  mktemp: ({ args, machine, shell }) => {
    const { flags, rest } = readOptions(args, 'p');
    const template = rest[0] ?? '/tmp/tmp.XXXXXXXXXX';
    const path = resolvePath(
      shell.cwd,
      template.replace(/X{3,}/, (xs) =>
        Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(xs.length)))
          .toString('base64')
          .replace(/[+/=]/g, 'q')
          .slice(0, xs.length),
      ),
    );
    if (flags.has('d')) machine.world.makeFolder(path, machine.actor, 0o700);
    else machine.world.write(path, new Uint8Array(), machine.actor, 0o600);
    return say(`${path}\n`);
  },
  mkfifo: ({ args, machine, shell }) => {
    for (const path of args.filter((arg) => !arg.startsWith('-')))
      machine.world.write(resolvePath(shell.cwd, path), new Uint8Array(), machine.actor);
    return {};
  },
  shred: ({ args, machine, shell }) => {
    const { flags, rest } = readOptions(args, 'ns');
    let stderr = '';
    for (const operand of rest) {
      const path = resolvePath(shell.cwd, operand);
      const node = machine.world.find(path);
      if (!node) stderr += `shred: ${operand}: failed to open for writing: ${faultTexts.ENOENT}\n`;
      else if (flags.has('u')) machine.world.remove(path, machine.actor);
      else
        machine.world.write(
          path,
          globalThis.crypto.getRandomValues(new Uint8Array(Math.min(65_536, sizeOf(node)))),
          machine.actor,
        );
    }
    return fail(stderr, stderr === '' ? 0 : 1);
  },
  xxd: ({ args, machine, shell, stdin }) => {
    const { flags, rest } = readOptions(args, 'lsc');
    const bytes = rest[0]
      ? Buffer.from(machine.world.read(resolvePath(shell.cwd, rest[0]), machine.actor))
      : bytesFrom(shell.stdin);
    if (flags.has('r'))
      return sayBytes(
        Buffer.from(
          stdin()
            .replace(/^[0-9a-f]+:|\s{2,}.*$/gm, '')
            .replace(/\s/g, ''),
          'hex',
        ),
      );
    const some = bytes.subarray(0, Number(flags.get('l') ?? 65_536));
    if (flags.has('p')) return say(`${some.toString('hex').replace(/.{60}(?=.)/g, '$&\n')}\n`);
    return say(dump(some));
  },
  hexdump: ({ args, machine, shell }) => {
    const { flags, rest } = readOptions(args, 'nse');
    const bytes = rest[0]
      ? Buffer.from(machine.world.read(resolvePath(shell.cwd, rest[0]), machine.actor))
      : bytesFrom(shell.stdin);
    const some = bytes.subarray(0, Number(flags.get('n') ?? 65_536));
    return say(flags.has('C') ? canonical(some) : words(some, machine.persona.kernel.machine === 'mips'));
  },
  yes: ({ args }) => say(`${args.join(' ') || 'y'}\n`.repeat(20_000)),
};

function onFiles(
  args: readonly string[],
  { machine, shell }: Pick<Call, 'machine' | 'shell'>,
  name: string,
  missing: (operand: string) => string,
): Result {
  const operands = args.filter((arg) => !/^[-+=]/.test(arg));
  if (operands.length === 0) return fail(`Usage: ${name} [-pRVf] [-+=aAcCdDeijPsStTuFx] [-v version] files...\n`);
  if (machine.actor.uid !== 0)
    return fail(
      operands.map((operand) => `${name}: Operation not permitted while setting flags on ${operand}\n`).join(''),
    );
  const stderr = operands
    .filter((operand) => !machine.world.find(resolvePath(shell.cwd, operand)))
    .map(missing)
    .join('');
  return fail(stderr, stderr === '' ? 0 : 1);
}

function stat({ args, machine, shell }: Call): Result {
  const { flags, rest } = readOptions(
    // `--printf` takes the next word too.
    args.flatMap((arg, at) =>
      arg === '--printf' || arg === '--format'
        ? `${arg}=${args[at + 1] ?? ''}`
        : args[at - 1] === '--printf' || args[at - 1] === '--format'
          ? []
          : arg,
    ),
    'c',
  );
  if (rest.length === 0) return fail("stat: missing operand\nTry 'stat --help' for more information.\n");
  const users = new Map(accountsIn(machine).map(({ name, uid }) => [uid, name] as const));
  const groups = new Map([...groupsIn(machine)].map(([name, gid]) => [gid, name] as const));
  let stdout = '';
  let stderr = '';
  for (const operand of rest) {
    const path = resolvePath(shell.cwd, operand);
    const node = flags.has('L') ? machine.world.find(path) : machine.world.lookAt(path);
    if (flags.has('f') && node) {
      stdout += fileSystem(flags.get('c') ?? flags.get('format'), operand);
      continue;
    }
    if (!node) {
      stderr += `stat: cannot statx '${operand}': ${faultTexts.ENOENT}\n`;
      continue;
    }
    const time = `${new Date(node.mtimeMs).toISOString().replace('T', ' ').slice(0, 23)}000000 +0000`;
    const kind = {
      file: sizeOf(node) === 0 ? 'regular empty file' : 'regular file',
      made: 'regular file',
      folder: 'directory',
      link: 'symbolic link',
      device: 'character special file',
    }[node.kind];
    const owner = users.get(node.uid) ?? String(node.uid);
    const group = groups.get(node.gid) ?? String(node.gid);
    const mode = (node.mode & 0o7777).toString(8).padStart(4, '0');
    const format = flags.get('c') ?? flags.get('format') ?? flags.get('printf');
    if (format !== undefined) {
      const values: Record<string, string> = {
        n: operand,
        s: String(sizeOf(node)),
        a: String(Number(mode)),
        A: modeText(node),
        U: owner,
        G: group,
        u: String(node.uid),
        g: String(node.gid),
        F: kind,
        y: time,
        x: time,
        z: time,
        w: time,
        X: String(Math.floor(node.mtimeMs / 1000)),
        Z: String(Math.floor(node.mtimeMs / 1000)),
        W: String(Math.floor(node.mtimeMs / 1000)),
        N: node.kind === 'link' ? `'${operand}' -> '${node.target}'` : `'${operand}'`,
        Y: String(Math.floor(node.mtimeMs / 1000)),
        i: String(inodeOf(path)),
        h: String(countLinks(path, node, machine)),
        b: String(blocksOf(node) * 2),
      };
      stdout += `${format.replace(/%([a-zA-Z])/g, (whole, letter: string) => (Object.hasOwn(values, letter) ? (values[letter] ?? whole) : whole)).replace(/\\n/g, flags.has('printf') ? '\n' : '\\n')}${flags.has('printf') ? '' : '\n'}`;
      continue;
    }
    const shown = node.kind === 'link' ? `${operand} -> ${node.target}` : operand;
    stdout += `  File: ${shown}\n  Size: ${String(sizeOf(node)).padEnd(10)}\tBlocks: ${String(blocksOf(node) * 2).padEnd(10)} IO Block: 4096   ${kind}\nDevice: fc01h/64513d\tInode: ${String(inodeOf(path)).padEnd(11)} Links: ${countLinks(path, node, machine)}\nAccess: (${mode}/${modeText(node)})  Uid: (${String(node.uid).padStart(5)}/${owner.padStart(8)})   Gid: (${String(node.gid).padStart(5)}/${group.padStart(8)})\nAccess: ${time}\nModify: ${time}\nChange: ${time}\n Birth: ${time}\n`;
  }
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
}

/** `stat -f`: the disk that the root is on. */
function fileSystem(format: string | undefined, operand: string): string {
  const values: Readonly<Record<string, string>> = {
    T: 'ext2/ext3',
    t: 'ef53',
    n: operand,
    S: '4096',
    l: '255',
    b: '10256124',
    f: '8120114',
    a: '7592306',
  };
  if (format !== undefined)
    return `${format.replace(/%([a-zA-Z])/g, (whole, letter: string) => (Object.hasOwn(values, letter) ? (values[letter] ?? whole) : whole))}\n`;
  return `  File: "${operand}"\n    ID: 5ed6b1c40dc4b6ab Namelen: 255     Type: ext2/ext3\nBlock size: 4096       Fundamental block size: 4096\nBlocks: Total: 10256124   Free: 8120114    Available: 7592306\nInodes: Total: 2621440    Free: 2479012\n`;
}

function chown({ args, machine, shell, name }: Call): Result {
  const [who = '', ...operands] = args.filter((arg) => !arg.startsWith('-'));
  if (operands.length === 0)
    return fail(
      `${name}: missing operand${who ? ` after '${who}'` : ''}\nTry '${name} --help' for more information.\n`,
    );
  const [user = '', group] = name === 'chgrp' ? ['', who] : who.split(/[:.]/);
  const uid = user === '' ? undefined : (accountsIn(machine).find((each) => each.name === user)?.uid ?? numberOf(user));
  const gid = group ? (groupsIn(machine).get(group) ?? numberOf(group)) : undefined;
  if (user !== '' && uid === undefined) return fail(`${name}: invalid user: ‘${who}’\n`);
  if (group && gid === undefined) return fail(`${name}: invalid group: ‘${who}’\n`);
  let stderr = '';
  for (const operand of operands) {
    try {
      machine.world.change(resolvePath(shell.cwd, operand), machine.actor, {
        ...(uid === undefined ? {} : { uid }),
        ...(gid === undefined ? {} : { gid }),
      });
    } catch (error) {
      const text = error instanceof WorldFault ? faultTexts[error.code] : String(error);
      stderr +=
        error instanceof WorldFault && error.code === 'ENOENT'
          ? `${name}: cannot access '${operand}': ${text}\n`
          : `${name}: changing ownership of '${operand}': ${text}\n`;
    }
  }
  return fail(stderr, stderr === '' ? 0 : 1);
}

function numberOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function which({ args, machine, shell }: Call): Result {
  const { flags, rest } = readOptions(args);
  const folders = (shell.env.get('PATH') ?? '').split(':').filter((folder) => folder !== '');
  const found = rest.flatMap((name) => {
    const places = name.includes('/') ? [name] : folders.map((folder) => `${folder}/${name}`);
    const hits = places.filter((path) => {
      const node = machine.world.find(resolvePath(shell.cwd, path));
      return node !== undefined && node.kind !== 'folder' && (node.mode & 0o111) !== 0;
    });
    return flags.has('a') ? [hits] : [hits.slice(0, 1)];
  });
  return {
    stdout: found
      .flat()
      .map((path) => `${path}\n`)
      .join(''),
    exitCode: found.every((hits) => hits.length > 0) ? 0 : 1,
  };
}

function dump(bytes: Buffer): string {
  return lines(
    bytes,
    (row, at) =>
      `${at.toString(16).padStart(8, '0')}: ${(
        row
          .toString('hex')
          .match(/.{1,4}/g)
          ?.join(' ') ?? ''
      ).padEnd(39)}  ${visible(row)}\n`,
  );
}

/** `hexdump` without options: pairs of bytes as numbers of this machine, which reads them in its own order. */
function words(bytes: Buffer, isBig: boolean): string {
  const row = (part: Buffer, at: number) => {
    const numbers = Array.from({ length: Math.ceil(part.length / 2) }, (_, index) =>
      hexPair(part[index * 2] ?? 0, part[index * 2 + 1] ?? 0, isBig),
    );
    return `${at.toString(16).padStart(7, '0')} ${numbers.join(' ')}\n`;
  };
  return `${lines(bytes, row)}${bytes.length.toString(16).padStart(7, '0')}\n`;
}

function hexPair(first: number, second: number, isBig: boolean): string {
  return (isBig ? first * 256 + second : second * 256 + first).toString(16).padStart(4, '0');
}

function canonical(bytes: Buffer): string {
  const rows = lines(
    bytes,
    (row, at) =>
      `${at.toString(16).padStart(8, '0')}  ${(
        row
          .toString('hex')
          .match(/../g)
          ?.map((pair, index) => (index === 8 ? ` ${pair}` : pair))
          .join(' ') ?? ''
      ).padEnd(48)}  |${visible(row)}|\n`,
  );
  return `${rows}${bytes.length.toString(16).padStart(8, '0')}\n`;
}

function lines(bytes: Buffer, show: (row: Buffer, at: number) => string): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 16) text += show(bytes.subarray(at, at + 16), at);
  return text;
}

function visible(row: Buffer): string {
  return [...row].map((byte) => (byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.')).join('');
}

/** For programs that need a file whole. */
export function wholeFile(call: Pick<Call, 'machine' | 'shell'>, operand: string): Buffer | undefined {
  const node = call.machine.world.find(resolvePath(call.shell.cwd, operand));
  return node && node.kind !== 'folder' ? Buffer.from(bytesOf(node)) : undefined;
}
