import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, interpretersOwn, type Machine, type Programs, type Result } from '../program.ts';
import { nestedAlone } from './nested.ts';
import { accountsIn, groupsIn } from './world-accounts.ts';

/** What the interpreter's find lacks or has wrong is looked at here, once its own predicates have chosen. */
export const findPrograms: Programs = { find };

type Test = (path: string) => boolean;

async function find(call: Call): Promise<Result> {
  const { args, machine, shell } = call;
  const newer = args[args.indexOf('-newer') + 1];
  if (args.includes('-newer') && newer !== undefined && !machine.world.find(resolvePath(shell.cwd, newer)))
    return fail(`find: ‘${newer}’: No such file or directory\n`);
  const listed = args.indexOf('-ls');
  if (listed >= 0) return await find({ ...call, args: args.toSpliced(listed, 1, '-exec', 'ls', '-dils', '{}', ';') });
  if ((!args.some((arg) => own.has(arg)) && !args.includes('-dils')) || args.includes('-o') || args.includes('-printf'))
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

const runsMax = 2_000;
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
const own: ReadonlySet<string> = new Set([...Object.keys(plain), ...valued, '-nouser', '-nogroup', '-newermt']);

function takeOut({ args, machine }: Call): { kept: string[]; tests: Test[]; wrong?: string } {
  const kept: string[] = [];
  const tests: Test[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (!own.has(arg)) {
      kept.push(arg);
      continue;
    }
    const isNot = kept.at(-1) === '!' || kept.at(-1) === '-not';
    if (isNot) kept.pop();
    const value = valued.has(arg) ? (args[++at] ?? '') : '';
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
