import { faultTexts, WorldFault } from '../../world/faults.ts';
import { sizeOf, type WorldNode } from '../../world/node.ts';
import { childPath, resolvePath } from '../../world/paths.ts';
import { type Call, type Machine, type Programs, type Result, readOptions } from '../program.ts';
import { inColumns } from './columns.ts';
import { accountsIn, groupsIn } from './world-accounts.ts';

interface Row {
  readonly name: string;
  readonly path: string;
  readonly node: WorldNode;
}

const longFlags =
  /^(?:all|almost-all|color|classify|directory|full-time|group-directories-first|human-readable|inode|recursive|reverse|size|sort|time|time-style|width|help|version)$/;

export const listingPrograms: Programs = { ls, dir: ls, vdir: (call) => ls({ ...call, args: ['-l', ...call.args] }) };

function ls({ args, machine, shell }: Call): Result {
  const { flags, rest } = readOptions(args, 'ITw');
  const bad = [...flags.keys()].find(
    (flag) => flag.length === 1 && !'aAlhRrtSd1inFgGoQsUuCcfkNxmpvXBDLHZ'.includes(flag),
  );
  if (bad !== undefined) {
    return { stderr: `ls: invalid option -- '${bad}'\nTry 'ls --help' for more information.\n`, exitCode: 2 };
  }
  const strange = [...flags.keys()].find((flag) => flag.length > 1 && !longFlags.test(flag));
  if (strange !== undefined) {
    return { stderr: `ls: unrecognized option '--${strange}'\nTry 'ls --help' for more information.\n`, exitCode: 2 };
  }
  const { world, actor } = machine;
  let stderr = '';
  const files: Row[] = [];
  const folders: string[] = [];
  for (const operand of rest.length > 0 ? rest : ['.']) {
    const path = resolvePath(shell.cwd, operand);
    const node =
      (flags.has('l') && !operand.endsWith('/') ? world.lookAt(path) : world.find(path)) ?? world.lookAt(path);
    if (!node || !world.mayReach(path, actor)) {
      stderr += `ls: cannot access '${operand}': ${node ? faultTexts.EACCES : faultTexts.ENOENT}\n`;
    } else if (node.kind === 'folder' && !flags.has('d')) folders.push(operand);
    else files.push({ name: operand, path, node });
  }
  const blocks: string[] = [];
  if (files.length > 0) blocks.push(show(sorted(files, flags), flags, machine));
  const isHeaded = rest.length > 1 || flags.has('R');
  for (const operand of folders) stderr += showFolder(operand, 0);
  return { stdout: blocks.join('\n'), stderr, exitCode: stderr === '' ? 0 : 2 };

  function showFolder(operand: string, depth: number): string {
    const path = resolvePath(shell.cwd, operand);
    let names: string[];
    try {
      names = world.list(path, actor);
    } catch (error) {
      const text = error instanceof WorldFault ? faultTexts[error.code] : String(error);
      return `ls: cannot open directory '${operand}': ${text}\n`;
    }
    const rows = names.flatMap((name) => {
      const node = world.lookAt(childPath(path, name));
      return node && (flags.has('a') || flags.has('A') || flags.has('f') || !name.startsWith('.'))
        ? [{ name, path: childPath(path, name), node }]
        : [];
    });
    const dots = flags.has('a') || flags.has('f') ? dotRows(path, machine) : [];
    const ordered = [...dots, ...sorted(rows, flags)];
    const total =
      flags.has('l') || flags.has('s') ? `total ${ordered.reduce((sum, { node }) => sum + blocksOf(node), 0)}\n` : '';
    blocks.push(`${isHeaded ? `${operand}:\n` : ''}${total}${show(ordered, flags, machine)}`);
    if (!flags.has('R') || depth > 40) return '';
    const below = ordered.filter(({ name, node }) => node.kind === 'folder' && name !== '.' && name !== '..');
    return below
      .map(({ name }) => showFolder(operand.endsWith('/') ? operand + name : `${operand}/${name}`, depth + 1))
      .join('');
  }
}

function dotRows(path: string, { world }: Machine): Row[] {
  return ['.', '..'].flatMap((name) => {
    const there = resolvePath(path, name);
    const node = world.find(there);
    return node ? [{ name, path: there, node }] : [];
  });
}

function sorted(rows: Row[], flags: ReadonlyMap<string, string>): Row[] {
  if (flags.has('U') || flags.has('f')) return rows;
  const byName = (a: Row, b: Row) => (a.name < b.name ? -1 : 1);
  const order = flags.has('t')
    ? (a: Row, b: Row) => b.node.mtimeMs - a.node.mtimeMs || byName(a, b)
    : flags.has('S')
      ? (a: Row, b: Row) => sizeOf(b.node) - sizeOf(a.node) || byName(a, b)
      : byName;
  const ordered = [...rows].sort(order);
  return flags.has('r') ? ordered.reverse() : ordered;
}

function show(rows: readonly Row[], flags: ReadonlyMap<string, string>, machine: Machine): string {
  if (flags.has('l') || flags.has('g') || flags.has('o') || flags.has('n')) return longRows(rows, flags, machine);
  const names = rows.map((row) => `${flags.has('s') ? `${blocksOf(row.node)} ` : ''}${mark(row, flags)}`);
  const isWide = machine.visitor.terminal !== null && machine.isAtTerminal() && !flags.has('1');
  if (isWide || flags.has('C')) return inColumns(names, machine.visitor.columns);
  return names.map((name) => `${name}\n`).join('');
}

function mark({ name, node }: Row, flags: ReadonlyMap<string, string>): string {
  if (!flags.has('F') && !flags.has('p')) return name;
  if (node.kind === 'folder') return `${name}/`;
  if (!flags.has('F')) return name;
  if (node.kind === 'link') return `${name}@`;
  return (node.mode & 0o111) !== 0 && node.kind !== 'device' ? `${name}*` : name;
}

function longRows(rows: readonly Row[], flags: ReadonlyMap<string, string>, machine: Machine): string {
  const users = new Map(accountsIn(machine).map(({ name, uid }) => [uid, name] as const));
  const groups = new Map([...groupsIn(machine)].map(([name, gid]) => [gid, name] as const));
  const isNumeric = flags.has('n');
  const cells = rows.map((row) => {
    const { node } = row;
    return {
      mode: modeText(node),
      links: String(countLinks(row.path, node, machine)),
      owner: isNumeric ? String(node.uid) : (users.get(node.uid) ?? String(node.uid)),
      group: isNumeric ? String(node.gid) : (groups.get(node.gid) ?? String(node.gid)),
      size:
        node.kind === 'device'
          ? `${node.major}, ${String(node.minor).padStart(3)}`
          : flags.has('h')
            ? humanSize(sizeOf(node))
            : String(sizeOf(node)),
      time: styledTime(node.mtimeMs, machine.now(), flags),
      name: node.kind === 'link' ? `${row.name} -> ${node.target}` : mark(row, flags),
      blocks: flags.has('s') ? `${String(blocksOf(node))} ` : '',
      inode: flags.has('i') ? `${inodeOf(row.name)} ` : '',
    };
  });
  const width = (key: 'links' | 'owner' | 'group' | 'size') => Math.max(0, ...cells.map((cell) => cell[key].length));
  const [links, owner, group, size] = [width('links'), width('owner'), width('group'), width('size')];
  return cells
    .map((cell) => {
      const who = `${flags.has('g') ? '' : `${cell.owner.padEnd(owner)} `}${flags.has('o') ? '' : `${cell.group.padEnd(group)} `}`;
      return `${cell.inode}${cell.blocks}${cell.mode} ${cell.links.padStart(links)} ${who}${cell.size.padStart(size)} ${cell.time} ${cell.name}\n`;
    })
    .join('');
}

/** A folder has its name, its own `.`, and the `..` of each folder in it. */
export function countLinks(path: string, node: WorldNode, { world }: Machine): number {
  if (node.kind !== 'folder') return 1;
  const names = world.list(path, { uid: 0, gid: 0 });
  return 2 + names.filter((name) => world.lookAt(childPath(path, name))?.kind === 'folder').length;
}

/** As `ls -l` begins a line: `drwxr-xr-x`. */
export function modeText(node: WorldNode): string {
  const kind = { folder: 'd', link: 'l', device: 'c', file: '-', made: '-' }[node.kind];
  const bits = [6, 3, 0].map((shift) => {
    const own = (node.mode >> shift) & 7;
    return `${own & 4 ? 'r' : '-'}${own & 2 ? 'w' : '-'}${own & 1 ? 'x' : '-'}`;
  });
  const [user = '', group = '', other = ''] = bits;
  const special = (text: string, isSet: number, low: string) =>
    isSet ? text.slice(0, 2) + (text[2] === 'x' ? low : low.toUpperCase()) : text;
  return `${kind}${special(user, node.mode & 0o4000, 's')}${special(group, node.mode & 0o2000, 's')}${special(other, node.mode & 0o1000, 't')}`;
}

const halfYearMs = 182 * 86_400_000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** As `--time-style` or `--full-time` want it. */
function styledTime(ms: number, nowMs: number, flags: ReadonlyMap<string, string>): string {
  const style = flags.has('full-time') ? 'full-iso' : (flags.get('time-style') ?? 'locale');
  const iso = new Date(ms).toISOString();
  const [day, clock] = [iso.slice(0, 10), iso.slice(11, 19)];
  if (style === 'full-iso') return `${day} ${clock}.${iso.slice(20, 23)}000000 +0000`;
  if (style === 'long-iso') return `${day} ${clock.slice(0, 5)}`;
  if (style === 'iso') return nowMs - ms > halfYearMs ? `${day} ` : `${day.slice(5)} ${clock.slice(0, 5)}`;
  if (!style.startsWith('+')) return timeText(ms, nowMs);
  const values: Readonly<Record<string, string>> = {
    ...{ Y: iso.slice(0, 4), m: iso.slice(5, 7), d: iso.slice(8, 10), H: iso.slice(11, 13), M: iso.slice(14, 16) },
    ...{ S: iso.slice(17, 19), F: day, T: clock, R: clock.slice(0, 5), s: String(Math.floor(ms / 1000)) },
    ...{ b: months[new Date(ms).getUTCMonth()] ?? '', y: iso.slice(2, 4), '%': '%' },
  };
  return style
    .slice(1)
    .replace(/%(.)/g, (whole, sign: string) => (Object.hasOwn(values, sign) ? (values[sign] ?? whole) : whole));
}

/** As `ls -l`: with the hour, or with the year where that is half a year away. */
export function timeText(ms: number, nowMs: number): string {
  const date = new Date(ms);
  const day = `${months[date.getUTCMonth()] ?? ''} ${String(date.getUTCDate()).padStart(2)}`;
  if (nowMs - ms > halfYearMs || ms - nowMs > 3_600_000) return `${day}  ${date.getUTCFullYear()}`;
  return `${day} ${date.toISOString().slice(11, 16)}`;
}

export function humanSize(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T'];
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  if (unit === 0) return String(bytes);
  return `${size < 10 ? (Math.ceil(size * 10) / 10).toFixed(1) : String(Math.ceil(size))}${units[unit] ?? ''}`;
}

/** In KiB, as a disk with blocks of 4 KiB gives them. */
export function blocksOf(node: WorldNode): number {
  if (node.kind === 'link' || node.kind === 'device') return 0;
  return Math.ceil(sizeOf(node) / 4096) * 4;
}

/** Told by the path, so that it is the same at every look. */
export function inodeOf(path: string): number {
  let hash = 262_144;
  for (const letter of path) hash = (hash * 31 + letter.charCodeAt(0)) % 3_932_160;
  return hash;
}
