import { sizeOf } from '../../world/node.ts';
import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, interpretersOwn, type Machine, type Programs, type Result } from '../program.ts';
import { inodeOf, modeText } from './listing.ts';
import { nestedAlone } from './nested.ts';
import { accountsIn, groupsIn } from './world-accounts.ts';

/** What the interpreter's find lacks or has wrong is looked at here, once its own predicates have chosen. */
export const findPrograms: Programs = { find };

type Test = (path: string) => boolean;

async function find(call: Call): Promise<Result> {
  const { args, machine, shell } = call;
  if (args.some((arg) => unseen.has(arg)))
    return await again(
      call,
      args.filter((arg) => !unseen.has(arg)),
    );
  const newer = args[args.indexOf('-newer') + 1];
  if (args.includes('-newer') && newer !== undefined && !machine.world.find(resolvePath(shell.cwd, newer)))
    return fail(`find: ‘${newer}’: No such file or directory\n`);
  const [first = '', ...others] = args;
  // Following links or not makes a difference to the interpreter's only where it meets them.
  if (/^-[LPH]$/.test(first)) return await again(call, others);
  const listed = args.indexOf('-ls');
  if (listed >= 0) return await find({ ...call, args: args.toSpliced(listed, 1, '-exec', 'ls', '-dils', '{}', ';') });
  const printed = args.indexOf('-printf');
  if (printed >= 0) return await printEach({ ...call, args: args.toSpliced(printed, 2) }, args[printed + 1] ?? '');
  const hasKind = args.some((arg, at) => arg === '-type' && /^[lbcps]$/.test(args[at + 1] ?? ''));
  if ((!args.some((arg) => own.has(arg)) && !hasKind && !args.includes('-dils')) || args.includes('-o'))
    return interpretersOwn;
  const { kept, tests, wrong } = takeOut(call);
  if (wrong !== undefined) return fail(`find: invalid mode ‘${wrong}’\n`);
  const { kept: bare, command, isDeleted } = takeAction(kept);
  const chosen = (await shell.origCommand?.(bare)) ?? { stdout: '', stderr: '', exitCode: 0 };
  const paths = chosen.stdout
    .split('\n')
    .filter((path) => path !== '' && tests.every((test) => test(resolvePath(shell.cwd, path))));
  const said = { stdout: '', stderr: chosen.stderr, exitCode: chosen.exitCode };
  if (isDeleted) for (const path of paths) machine.world.remove(resolvePath(shell.cwd, path), machine.actor);
  if (!command) return isDeleted ? said : { ...said, stdout: paths.map((path) => `${path}\n`).join('') };
  const isOnce = command.at(-1) === '+';
  const runs = isOnce ? [paths] : paths.map((path) => [path]);
  for (const run of runs.slice(0, runsMax)) {
    if (run.length === 0) continue;
    const words = command.slice(0, -1).flatMap((word) => (word === '{}' ? run : [word.replaceAll('{}', run[0] ?? '')]));
    const done = await nestedAlone(shell, words);
    said.stdout += done.stdout ?? '';
    said.stderr += done.stderr ?? '';
  }
  return said;
}

/** What makes no difference in a world of one file system. */
const unseen: ReadonlySet<string> = new Set(['-xdev', '-mount', '-noleaf', '-daystart', '-warn', '-nowarn']);

async function again(call: Call, args: readonly string[]): Promise<Result> {
  const done = await find({ ...call, args });
  return done === interpretersOwn ? ((await call.shell.origCommand?.([...args])) ?? {}) : done;
}

const runsMax = 2_000;
const kinds: Readonly<Record<string, string>> = { file: 'f', made: 'f', folder: 'd', link: 'l', device: 'c' };

/** `-printf`: what is told of each that was found. */
async function printEach(call: Call, form: string): Promise<Result> {
  const { machine, shell, args } = call;
  const found = await find({ ...call, args: [...args, '-uid', `-${2 ** 31}`] });
  const starts = args.slice(0, args.findIndex((arg) => /^[-!(]/.test(arg)) >>> 0).filter((arg) => arg !== '');
  const paths = (found.stdout ?? '').split('\n').filter((path) => path !== '');
  const told = paths.map((path) => {
    const start =
      (starts.length > 0 ? starts : ['.']).find(
        (each) => path === each || path.startsWith(`${each.replace(/\/$/, '')}/`),
      ) ?? '';
    return printed(form, path, start, machine, resolvePath(shell.cwd, path));
  });
  return { ...found, stdout: told.join('') };
}

function printed(form: string, path: string, start: string, machine: Machine, place: string): string {
  const node = machine.world.lookAt(place);
  if (!node) return '';
  const below = path.slice(start.length).replace(/^\//, '');
  const time = new Date(node.mtimeMs).toISOString();
  const named = (table: Iterable<readonly [string, number]>, id: number) =>
    [...table].find(([, each]) => each === id)?.[0] ?? String(id);
  const values: Readonly<Record<string, () => string>> = {
    ...{
      p: () => path,
      P: () => below,
      f: () => path.replace(/^.*\/(?=.)/, ''),
      h: () => path.replace(/\/[^/]*$/, '') || '/',
      s: () => String(sizeOf(node)),
    },
    ...{
      m: () => (node.mode & 0o7777).toString(8),
      M: () => modeText(node),
      y: () => kinds[node.kind] ?? 'f',
      l: () => (node.kind === 'link' ? node.target : ''),
    },
    ...{
      d: () => String(below === '' ? 0 : below.split('/').length),
      U: () => String(node.uid),
      G: () => String(node.gid),
      '%': () => '%',
    },
    ...{
      u: () =>
        named(
          accountsIn(machine).map(({ name, uid }) => [name, uid] as const),
          node.uid,
        ),
      g: () => named(groupsIn(machine), node.gid),
    },
    ...{ t: () => new Date(node.mtimeMs).toUTCString(), i: () => String(inodeOf(place)), n: () => '1', H: () => start },
  };
  return form.replace(
    /\\([nt0\\])|%T([@+YmdHMSTF])|%([a-zA-Z%])/g,
    (whole, escaped?: string, timed?: string, letter?: string) => {
      if (escaped !== undefined) return { n: '\n', t: '\t', '0': '\0' }[escaped] ?? '\\';
      if (timed === '@') return `${(node.mtimeMs / 1000).toFixed(10)}`;
      if (timed === '+') return `${time.slice(0, 10)}+${time.slice(11, 19)}.0000000000`;
      if (timed !== undefined)
        return (
          {
            Y: time.slice(0, 4),
            m: time.slice(5, 7),
            d: time.slice(8, 10),
            H: time.slice(11, 13),
            M: time.slice(14, 16),
            S: time.slice(17, 19),
            T: time.slice(11, 19),
            F: time.slice(0, 10),
          }[timed] ?? whole
        );
      return letter !== undefined && Object.hasOwn(values, letter) ? (values[letter]?.() ?? whole) : whole;
    },
  );
}

const plain: Readonly<Record<string, 1 | 2 | 4>> = { '-readable': 4, '-writable': 2, '-executable': 1 };
const valued: ReadonlySet<string> = new Set([
  '-newermt',
  '-perm',
  '-mmin',
  '-cmin',
  '-amin',
  '-user',
  '-group',
  '-uid',
  '-gid',
]);
const own: ReadonlySet<string> = new Set([
  ...[...Object.keys(plain), ...valued, '-nouser', '-nogroup', '-newermt', '-execdir', '-delete'],
]);

function takeOut({ args, machine }: Call): { kept: string[]; tests: Test[]; wrong?: string } {
  const kept: string[] = [];
  const tests: Test[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    // The interpreter's own know files and folders only.
    const isKind = arg === '-type' && /^[lbcps]$/.test(args[at + 1] ?? '');
    if (!isKind && (!own.has(arg) || arg === '-execdir' || arg === '-delete')) {
      kept.push(arg);
      continue;
    }
    const isNot = kept.at(-1) === '!' || kept.at(-1) === '-not';
    if (isNot) kept.pop();
    const value = valued.has(arg) || isKind ? (args[++at] ?? '') : '';
    const test = testOf(arg, value, machine);
    if (!test) return { kept, tests, wrong: value };
    tests.push(isNot ? (path) => !test(path) : test);
  }
  return { kept, tests };
}

function testOf(name: string, value: string, machine: Machine): Test | undefined {
  const { world, actor, now } = machine;
  const bit = plain[name];
  if (bit !== undefined) return (path) => actor.uid === 0 || ((world.find(path)?.mode ?? 0) & bit) !== 0;
  if (name === '-perm') {
    const wanted = modeOf(value.replace(/^[-/+]/, ''));
    if (wanted === undefined) return undefined;
    return (path) => {
      const mode = (world.lookAt(path)?.mode ?? 0) & 0o7777;
      if (value.startsWith('-')) return (mode & wanted) === wanted;
      return /^[/+]/.test(value) ? (mode & wanted) !== 0 || wanted === 0 : mode === wanted;
    };
  }
  if (name === '-type') return (path) => kinds[world.lookAt(path)?.kind ?? 'file'] === value;
  if (name === '-newermt') return (path) => (world.lookAt(path)?.mtimeMs ?? 0) > Date.parse(value);
  if (/min$/.test(name)) {
    const minutes = Number(value.replace(/^[-+]/, ''));
    return (path) => {
      const age = Math.ceil((now() - (world.lookAt(path)?.mtimeMs ?? 0)) / 60_000);
      return value.startsWith('-') ? age <= minutes : value.startsWith('+') ? age > minutes : age === minutes;
    };
  }
  const uid = accountsIn(machine).find((each) => each.name === value)?.uid ?? Number(value);
  const gid = groupsIn(machine).get(value) ?? Number(value);
  // Added where everything that was found is wanted, and nothing else asked for.
  if (name === '-uid' && value === `-${2 ** 31}`) return () => true;
  if (name === '-user' || name === '-uid') return (path) => world.lookAt(path)?.uid === uid;
  if (name === '-group' || name === '-gid') return (path) => world.lookAt(path)?.gid === gid;
  return (path) => !accountsIn(machine).some((each) => each.uid === world.lookAt(path)?.uid);
}

/** `4000`, `u=s`, `u+s,g+s`, `o=w`. */
function modeOf(text: string): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let mode = 0;
  for (const part of text.split(',')) {
    const [, who = '', letters] = /^([ugoa]*)[=+]([rwxst]*)$/.exec(part) ?? [];
    if (letters === undefined) return undefined;
    for (const [name, shift, special] of [
      ['u', 6, 0o4000],
      ['g', 3, 0o2000],
      ['o', 0, 0],
    ] as const) {
      if (who !== '' && !who.includes(name) && !who.includes('a')) continue;
      const bits = (letters.includes('r') ? 4 : 0) | (letters.includes('w') ? 2 : 0) | (letters.includes('x') ? 1 : 0);
      mode |= (bits << shift) | (letters.includes('s') ? special : 0) | (letters.includes('t') ? 0o1000 : 0);
    }
  }
  return mode;
}

function takeAction(args: readonly string[]): { kept: string[]; command?: string[]; isDeleted: boolean } {
  const isDeleted = args.includes('-delete');
  const rest = args.filter((arg) => arg !== '-delete');
  const at = rest.findIndex((arg) => arg === '-exec' || arg === '-execdir' || arg === '-ok');
  const end = rest.findIndex((arg, index) => index > at && (arg === ';' || arg === '+'));
  if (at < 0 || end < 0) return { kept: rest, isDeleted };
  return { kept: [...rest.slice(0, at), ...rest.slice(end + 1)], command: rest.slice(at + 1, end + 1), isDeleted };
}
