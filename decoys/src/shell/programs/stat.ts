import { faultTexts } from '../../world/faults.ts';
import { sizeOf } from '../../world/node.ts';
import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, type Programs, type Result, readOptions } from '../program.ts';
import { blocksOf, countLinks, inodeOf, modeText } from './listing.ts';
import { accountsIn, groupsIn } from './world-accounts.ts';

/** stat: what is known of a file, or of the disk that it is on. */
export const statPrograms: Programs = { stat };

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
