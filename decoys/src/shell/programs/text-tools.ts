import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, interpretersOwn, type Programs, type Result, readOptions, say } from '../program.ts';
import { wholeFile } from './files.ts';
import { quote } from './nested.ts';

/** Text tools that the interpreter lacks, or whose options it does not know. */
export const textToolPrograms: Programs = {
  sort: async (call) => {
    const at = call.args.findIndex((arg) => /^-\w*z/.test(arg) || arg === '--zero-terminated');
    if (at < 0) return await sorted(call);
    const letters = (call.args[at] ?? '').startsWith('--') ? '-' : (call.args[at] ?? '').replace('z', '');
    const rest = call.args.toSpliced(at, 1, ...(letters === '-' ? [] : [letters]));
    const done = await again(call, 'sort', rest, call.stdin().replaceAll('\0', '\n'));
    return { ...done, stdout: (done.stdout ?? '').replaceAll('\n', '\0') };
  },
  sed,
  column: (call) => {
    const { flags, rest } = readOptions(call.args, 'sotcNREHO');
    const text = rest[0] === undefined ? call.stdin() : (wholeFile(call, rest[0])?.toString('utf8') ?? '');
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (!call.args.some((arg) => /^-\w*t/.test(arg))) return say(lines.map((line) => `${line}\n`).join(''));
    const separator = flags.get('s');
    const rows = lines.map((line) => (separator ? line.split(separator) : line.trim().split(/\s+/)));
    return say(aligned(rows, flags.get('o') ?? '  '));
  },
  expr: ({ args }) => expr(args),
  cal: ({ args, machine }) => cal(args, machine.now()),
};

/** The interpreter's, which ends with 1 where it cannot read a file: GNU's says by that only that `-c` found disorder. */
async function sorted({ args, shell }: Call): Promise<Result> {
  if (args.some((arg) => /^-\w*[cC]|^--check/.test(arg)) || !shell.origCommand) return interpretersOwn;
  const done = await shell.origCommand([...args]);
  return done.exitCode === 1 ? { ...done, exitCode: 2 } : done;
}

/** The interpreter's tool of that name with other input. */
async function again({ shell }: Call, name: string, args: readonly string[], stdin: string): Promise<Result> {
  const command = [name, ...args].map(quote).join(' ');
  return (await shell.exec?.(command, { cwd: shell.cwd, env: shell.exportedEnv ?? {}, stdin })) ?? {};
}

/** GNU's `-i.bak`, and text behind `i\` on the same line; folders are refused in its words. */
async function sed(call: Call): Promise<Result> {
  const args = call.args.flatMap((arg) => (arg.startsWith('--expression=') ? ['-e', arg.slice(13)] : [arg]));
  const { machine, shell } = call;
  const inPlace = args.find((arg) => /^-[nErs]*i|^--in-place/.test(arg));
  const suffix = inPlace?.replace(/^-[nErs]*i|^--in-place=?/, '') ?? '';
  const isOdd =
    args.some((arg) => oneLineText.test(arg)) ||
    inPlace?.startsWith('--') ||
    suffix !== '' ||
    args.length > call.args.length;
  if (inPlace === undefined && !isOdd) return interpretersOwn;
  const operands = args.filter((arg, at) => !arg.startsWith('-') && !/^-[ef]$/.test(args[at - 1] ?? ''));
  const files =
    inPlace === undefined ? [] : operands.slice(args.some((arg) => /^-[ef]|^--(?:expr|file)/.test(arg)) ? 0 : 1);
  let stderr = '';
  const refused = files.filter((file) => machine.world.find(resolvePath(shell.cwd, file))?.kind === 'folder');
  for (const file of refused) stderr += `sed: couldn't edit ${file}: not a regular file\n`;
  for (const file of files) {
    const bytes = suffix === '' || refused.includes(file) ? undefined : wholeFile(call, file);
    const copy = suffix.includes('*') ? suffix.replaceAll('*', file) : `${file}${suffix}`;
    if (bytes) machine.world.write(resolvePath(shell.cwd, copy), bytes, machine.actor);
  }
  const letters = inPlace?.startsWith('--') ? '-i' : (inPlace?.replace(/i.*$/s, 'i') ?? '');
  const words = args
    .filter((arg) => !refused.includes(arg))
    .map((arg) => (arg === inPlace ? letters : arg.replace(oneLineText, '$1$2\\\n')));
  if (files.length > 0 && refused.length === files.length) return fail(stderr, 4);
  const done: Result = (await shell.origCommand?.(words)) ?? {};
  return stderr === '' ? done : { ...done, stderr: `${stderr}${done.stderr ?? ''}`, exitCode: 4 };
}

const oneLineText = /^((?:\d+|\$|\/[^/]*\/)?)([aic])\\(?=[^\n])/;

function aligned(rows: readonly string[][], gap: string): string {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows
    .map((row) => `${row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join(gap)}\n`)
    .join('');
}

const usual = "Try 'expr --help' for more information.\n";

function expr(args: readonly string[]): Result {
  if (args.length === 0) return fail(`expr: missing operand\n${usual}`, 2);
  const words = [...args];
  try {
    const value = or();
    if (words.length > 0) return fail(`expr: syntax error: unexpected argument ‘${words[0]}’\n`, 2);
    return { stdout: `${value}\n`, exitCode: value === '' || /^-?0+$/.test(value) ? 1 : 0 };
  } catch (error) {
    if (!(error instanceof ExprFault)) throw error;
    return fail(`expr: ${error.message}\n`, 2);
  }

  function or(): string {
    return loop(['|'], and, (_, left, right) => (isTrue(left) ? left : isTrue(right) ? right : '0'));
  }
  function and(): string {
    return loop(['&'], compare, (_, left, right) => (isTrue(left) && isTrue(right) ? left : '0'));
  }
  function compare(): string {
    return loop(['=', '==', '!=', '<', '<=', '>', '>='], sum, (sign, left, right) => {
      const order =
        isNumber(left) && isNumber(right) ? Number(left) - Number(right) : left < right ? -1 : Number(left > right);
      const holds = {
        '=': order === 0,
        '==': order === 0,
        '!=': order !== 0,
        '<': order < 0,
        '<=': order <= 0,
        '>': order > 0,
      }[sign];
      return (holds ?? order >= 0) ? '1' : '0';
    });
  }
  function sum(): string {
    return loop(['+', '-'], product, (sign, left, right) =>
      String(sign === '+' ? whole(left) + whole(right) : whole(left) - whole(right)),
    );
  }
  function product(): string {
    return loop(['*', '/', '%'], match, (sign, left, right) => {
      const [a, b] = [whole(left), whole(right)];
      if (sign === '*') return String(a * b);
      if (b === 0n) throw new ExprFault('division by zero');
      return String(sign === '/' ? a / b : a % b);
    });
  }
  function match(): string {
    return loop([':'], primary, (_, left, right) => matched(left, right));
  }
  function loop(
    signs: readonly string[],
    next: () => string,
    apply: (sign: string, left: string, right: string) => string,
  ): string {
    let value = next();
    while (words.length > 0 && signs.includes(words[0] ?? '')) value = apply(words.shift() ?? '', value, next());
    return value;
  }
  function primary(): string {
    const word = words.shift();
    if (word === undefined) throw new ExprFault(`syntax error: missing argument after ‘${args.at(-1) ?? ''}’`);
    if (word === '(') {
      const value = or();
      if (words.shift() !== ')') throw new ExprFault(`syntax error: expecting ')' after ‘${args.at(-1) ?? ''}’`);
      return value;
    }
    if (words.length === 0) return word;
    if (word === 'length') return String([...primary()].length);
    if (word === 'index') {
      const [text, letters] = [primary(), primary()];
      return String([...text].findIndex((letter) => letters.includes(letter)) + 1);
    }
    if (word === 'substr') {
      const [text, from, count] = [primary(), Number(primary()), Number(primary())];
      return from > 0 && count > 0 ? text.slice(from - 1, from - 1 + count) : '';
    }
    return word === 'match' ? matched(primary(), primary()) : word;
  }
}

class ExprFault extends Error {}

function isTrue(value: string): boolean {
  return value !== '' && !/^-?0+$/.test(value);
}

function isNumber(value: string): boolean {
  return /^-?\d+$/.test(value);
}

function whole(value: string): bigint {
  if (!isNumber(value)) throw new ExprFault('non-integer argument');
  return BigInt(value.slice(0, 1_000));
}

/** So that an evil expression cannot hold the thread: such a one costs the square of what it looks at. */
const matchedMax = 2_000;

/** Basic expressions, as POSIX has them, from the beginning of the text. */
function matched(text: string, pattern: string): string {
  const own = pattern
    .slice(0, 200)
    .replace(/\\([(){}|+?])|([(){}|+?])/g, (_, escaped?: string, bare?: string) => escaped ?? `\\${bare}`);
  try {
    const found = new RegExp(`^(?:${own})`, 's').exec(text.slice(0, matchedMax));
    if (own.replace(/\\./g, '').includes('(')) return found?.[1] ?? '';
    return String(found?.[0].length ?? 0);
  } catch {
    throw new ExprFault('Invalid regular expression');
  }
}

const months = 'January February March April May June July August September October November December'.split(' ');

function cal(args: readonly string[], now: number): Result {
  const given = args.filter((arg) => /^\d+$/.test(arg)).map(Number);
  const today = new Date(now);
  const [first, second] = given;
  if (second === undefined && first !== undefined)
    return say(`${' '.repeat(30)}${first}\n${months.map((_, at) => page(first, at, months[at] ?? '')).join('\n')}`);
  const year = second ?? today.getUTCFullYear();
  const month = first === undefined ? today.getUTCMonth() : first - 1;
  if (month < 0 || month > 11) return fail(`cal: ${first} is neither a month number (1..12) nor a name\n`, 64);
  return say(page(year, month, `${months[month]} ${year}`));
}

function page(year: number, month: number, title: string): string {
  const start = new Date(Date.UTC(year, month, 1)).getUTCDay();
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const cells = [
    ...Array.from({ length: start }, () => '  '),
    ...Array.from({ length: days }, (_, at) => String(at + 1).padStart(2)),
  ];
  const rows = Array.from({ length: 6 }, (_, row) =>
    cells
      .slice(row * 7, row * 7 + 7)
      .join(' ')
      .padEnd(20),
  );
  const head = title.padStart(Math.floor((20 + title.length) / 2)).padEnd(20);
  return `${head}  \nSu Mo Tu We Th Fr Sa  \n${rows.map((row) => `${row}  \n`).join('')}`;
}
