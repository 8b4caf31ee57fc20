import { faultTexts, WorldFault } from '../../world/faults.ts';
import { resolvePath } from '../../world/paths.ts';
import { bytesFrom } from '../bytes.ts';
import { type Call, fail, type Machine, type Programs, type Result, readOptions, say, sayBytes } from '../program.ts';

/** less and more: page by page at a terminal, everything at once into a pipe. */
export const pagerPrograms: Programs = { less, more };

const keysMax = 1_000;
const rowsUsual = 24;

async function less(call: Call): Promise<Result> {
  const read = bytesIn(call, 'less');
  if (!Buffer.isBuffer(read)) return read;
  const { machine } = call;
  if (!machine.isAtTerminal()) return sayBytes(read);
  await showScreens(machine, linesOf(read), nameIn(call));
  return say('\r\x1b[K\x1b[?1049l');
}

async function more(call: Call): Promise<Result> {
  const read = bytesIn(call, 'more');
  if (!Buffer.isBuffer(read)) return read;
  if (!call.machine.isAtTerminal()) return sayBytes(read);
  return say(await showPages(call.machine, linesOf(read)));
}

/** less keeps a screen of its own, which is gone when it ends. */
async function showScreens(machine: Machine, lines: readonly string[], name: string | undefined): Promise<void> {
  const page = pageOf(machine);
  const last = Math.max(0, lines.length - page);
  let top = 0;
  for (let count = 0; count < keysMax; count++) {
    const shown = lines.slice(top, top + page);
    const filled = [...shown, ...Array.from({ length: page - shown.length }, () => '~')].join('\r\n');
    const isNamed = count === 0 && name !== undefined;
    const foot = top + page >= lines.length ? reversed('(END)') : isNamed ? reversed(name) : ':';
    const head = count === 0 ? '\x1b[?1049h' : '';
    const keys = await machine.ask(`${head}\x1b[H\x1b[J${filled}\r\n${foot}`, 'keys');
    if (keys === null || isLeaving(keys)) return;
    top = Math.min(last, Math.max(0, moved(keys, top, page, last)));
  }
}

function isLeaving(keys: string): boolean {
  return keys.startsWith('q') || keys.startsWith('Q') || keys.startsWith('\x03');
}

function reversed(text: string): string {
  return `\x1b[7m${text}\x1b[27m`;
}

function linesOf(bytes: Buffer): string[] {
  return bytes.toString('utf8').replace(/\n$/, '').split('\n');
}

/** How far each key goes, by what it begins with. */
function moved(keys: string, top: number, page: number, last: number): number {
  const key = keys.startsWith('\x1b') ? keys.slice(0, 3) : (keys[0] ?? '');
  if ([' ', 'f', '\x06', '\x1b[6'].includes(key)) return top + page;
  if (['b', '\x02', '\x1b[5'].includes(key)) return top - page;
  if (['j', 'e', '\r', '\n', '\x1b[B', '\x1bOB'].includes(key)) return top + 1;
  if (['k', 'y', '\x1b[A', '\x1bOA'].includes(key)) return top - 1;
  if (key === 'd' || key === '\x04') return top + Math.floor(page / 2);
  if (key === 'u') return top - Math.floor(page / 2);
  if (key === 'g') return 0;
  return key === 'G' ? last : top;
}

/** more writes on, and stops below each page. @returns what is left to say when it ends */
async function showPages(machine: Machine, lines: readonly string[]): Promise<string> {
  const page = pageOf(machine);
  let [at, step] = [0, page];
  let clear = '';
  for (let count = 0; count < keysMax && at + step < lines.length; count++) {
    const shown = lines.slice(at, at + step).join('\r\n');
    at += step;
    const share = Math.floor((at * 100) / lines.length);
    const keys = await machine.ask(`${clear}${shown}\r\n${reversed(`--More--(${share}%)`)}`, 'keys');
    clear = '\r\x1b[K';
    if (keys === null || isLeaving(keys)) return clear;
    step = /^[\r\n]/.test(keys) ? 1 : page;
  }
  return `${clear}${lines.slice(at).join('\n')}\n`;
}

function pageOf({ visitor }: Machine): number {
  return Math.max(2, (visitor.rows ?? rowsUsual) - 1);
}

function nameIn({ args }: Call): string | undefined {
  return args.find((arg) => !/^[-+]/.test(arg));
}

function bytesIn(call: Call, name: 'less' | 'more'): Buffer | Result {
  const { rest } = readOptions(call.args, 'bhjkoOpPtTxyzn');
  const names = rest.filter((each) => !each.startsWith('+'));
  if (names.length === 0 && call.machine.isAtKeyboard())
    return fail(
      name === 'less'
        ? 'Missing filename ("less --help" for help)\n'
        : "more: bad usage\nTry 'more --help' for more information.\n",
    );
  if (names.length === 0) return bytesFrom(call.shell.stdin);
  const found = names.map((each) => readOne(call, name, each));
  const read = found.filter((each) => typeof each !== 'string');
  return read.length > 0 ? Buffer.concat(read) : fail(found.join(''));
}

/** What is in a file, or what the pager says where it cannot be read. */
function readOne({ machine, shell }: Call, pager: 'less' | 'more', name: string): Buffer | string {
  try {
    return Buffer.from(machine.world.read(resolvePath(shell.cwd, name), machine.actor));
  } catch (error) {
    if (!(error instanceof WorldFault)) throw error;
    if (error.code === 'EISDIR')
      return pager === 'less' ? `${name} is a directory\n` : `\n*** ${name}: directory ***\n\n`;
    return `${pager === 'less' ? '' : 'more: cannot open '}${name}: ${faultTexts[error.code]}\n`;
  }
}
