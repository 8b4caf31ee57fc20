import { type Call, fail, interpretersOwn, type Programs, type Result, readOptions, say } from '../program.ts';
import { wholeFile } from './files.ts';

/** Tools that work on lines and that the interpreter lacks, or has without options that scripts use. */
export const lineToolPrograms: Programs = { paste, shuf, cut, base64, seq };

const linesMax = 100_000;

function paste(call: Call): Result {
  const { flags, rest } = readOptions(call.args, 'd');
  const signs = unescaped(flags.get('d') ?? flags.get('delimiters') ?? '\t');
  // What `<(…)` gives is the interpreter's to read.
  if (rest.some((name) => name.startsWith('/dev/fd/'))) return interpretersOwn;
  const sources: string[][] = [];
  const given = linesOf(call.stdin());
  const names = rest.length > 0 ? rest : ['-'];
  const dashes = names.filter((name) => name === '-').length;
  for (const [at, name] of names.entries()) {
    const file = name === '-' ? undefined : wholeFile(call, name);
    if (name !== '-' && !file) return fail(`paste: ${name}: No such file or directory\n`);
    // Several that read the same input take its lines in turn.
    const turn = names.slice(0, at).filter((each) => each === '-').length;
    sources.push(file ? linesOf(file.toString('latin1')) : given.filter((_, line) => line % dashes === turn));
  }
  const isSerial = flags.has('s') || flags.has('serial');
  const rows = isSerial
    ? sources
    : Array.from({ length: Math.max(...sources.map(({ length }) => length)) }, (_, row) =>
        sources.map((lines) => lines[row] ?? ''),
      );
  return say(rows.map((row) => `${joined(row, signs)}\n`).join(''));
}

function joined(parts: readonly string[], signs: string): string {
  return parts.reduce((row, part, at) => (at === 0 ? part : row + (signs[(at - 1) % signs.length] ?? '') + part), '');
}

function unescaped(text: string): string {
  return text.replaceAll('\\t', '\t').replaceAll('\\n', '\n').replaceAll('\\0', '');
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n').slice(0, linesMax);
}

function shuf(call: Call): Result {
  const { flags, rest } = readOptions(call.args, 'nio');
  const range = /^(\d+)-(\d+)$/.exec(flags.get('i') ?? flags.get('input-range') ?? '');
  const [name] = rest;
  const isEcho = flags.has('e') || flags.has('echo');
  const file = isEcho || range || name === undefined || name === '-' ? undefined : wholeFile(call, name);
  if (!isEcho && !range && name !== undefined && name !== '-' && !file)
    return fail(`shuf: ${name}: No such file or directory\n`);
  const lines = range
    ? numbers(Number(range[1]), Number(range[2]))
    : isEcho
      ? [...rest]
      : linesOf(file?.toString('latin1') ?? call.stdin());
  const most = Number(flags.get('n') ?? flags.get('head-count') ?? lines.length);
  const drawn: string[] = [];
  const repeats = flags.has('r') || flags.has('repeat');
  while (drawn.length < Math.min(most, linesMax) && lines.length > 0) {
    const at = Math.floor(Math.random() * lines.length);
    drawn.push(...(repeats ? [lines[at] ?? ''] : lines.splice(at, 1)));
  }
  return say(drawn.map((line) => `${line}\n`).join(''));
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: Math.max(0, Math.min(to - from + 1, linesMax)) }, (_, at) => String(from + at));
}

/** The interpreter's knows no delimiter of its own for what comes out, and no `--complement`. */
function cut(call: Call): Result {
  const at = call.args.findIndex((arg) => arg.startsWith('--output-delimiter') || arg === '--complement');
  if (at < 0) return interpretersOwn;
  const { flags, rest } = readOptions(call.args, 'dfcb');
  const between = flags.get('output-delimiter') ?? flags.get('d') ?? '\t';
  const list = flags.get('f') ?? flags.get('c') ?? flags.get('b') ?? '';
  const isFields = flags.has('f');
  const sign = flags.get('d') ?? '\t';
  let text = rest.length === 0 ? call.stdin() : '';
  for (const name of rest) {
    const file = wholeFile(call, name);
    if (!file) return fail(`cut: ${name}: No such file or directory\n`);
    text += file.toString('latin1');
  }
  const takes = (place: number) => isIn(list, place) !== flags.has('complement');
  const rows = linesOf(text).map((line) => {
    if (isFields && !line.includes(sign)) return line;
    const parts = isFields ? line.split(sign) : [...line];
    return parts.filter((_, index) => takes(index + 1)).join(isFields ? between : '');
  });
  return say(rows.map((row) => `${row}\n`).join(''));
}

/** `1,3-5,7-`. */
function isIn(list: string, place: number): boolean {
  return list.split(',').some((part) => {
    const [from = '', to] = part.split('-');
    return place >= Number(from || 1) && place <= (to === undefined ? Number(from) : Number(to || Infinity));
  });
}

/** What is no base64 is a fault, after what was read before it. */
async function base64(call: Call): Promise<Result> {
  const { flags } = readOptions(call.args, 'w');
  const isDecoding = flags.has('d') || flags.has('decode') || flags.has('D');
  if (!isDecoding || flags.has('i') || flags.has('ignore-garbage')) return interpretersOwn;
  const name = call.args.find((arg) => !arg.startsWith('-'));
  const text = name === undefined ? call.stdin() : wholeFile(call, name)?.toString('latin1');
  if (text === undefined) return fail(`base64: ${name}: No such file or directory\n`);
  const [sound = ''] = /^[A-Za-z0-9+/\n]*=*\n*/.exec(text) ?? [];
  if (sound.length === text.length && sound.replace(/[\n=]/g, '').length % 4 !== 1) return interpretersOwn;
  const bytes = Buffer.from(sound.replace(/[\n=]/g, ''), 'base64');
  return { stdout: bytes.toString('latin1'), stdoutKind: 'bytes', stderr: 'base64: invalid input\n', exitCode: 1 };
}

const formPattern = /^([^%]*)%([-+ 0#]*)(\d*)(?:\.(\d+))?[gfe](.*)$/;

/** The interpreter's knows no `-f`. */
function seq({ args }: Call): Result {
  const at = args.findIndex((arg) => arg.startsWith('-f') || arg.startsWith('--format'));
  if (at < 0) return interpretersOwn;
  const given = (args[at] ?? '').replace(/^(?:-f|--format=?)/, '');
  const form = given === '' ? (args[at + 1] ?? '') : given;
  const [, before = '', flags = '', width = '', digits, after = ''] = formPattern.exec(form) ?? [];
  const rest = args
    .toSpliced(at, given === '' ? 2 : 1)
    .filter((arg) => !/^-[sw]/.test(arg))
    .map(Number);
  const [from = 1, step = 1, to = 1] =
    rest.length === 1 ? [1, 1, rest[0]] : rest.length === 2 ? [rest[0], 1, rest[1]] : rest;
  if (!formPattern.test(form)) return fail(`seq: format ‘${form}’ has no % directive\n`);
  const count = Math.max(0, Math.min(Math.floor((to - from) / step + 1), linesMax)) || 0;
  const shown = Array.from({ length: count }, (_, index) => {
    const number = from + index * step;
    const text = digits === undefined ? String(number) : number.toFixed(Math.min(Number(digits), 20));
    const size = Math.min(Number(width || 0), 100);
    return `${before}${flags.includes('-') ? text.padEnd(size) : text.padStart(size, flags.includes('0') ? '0' : ' ')}${after}\n`;
  });
  return say(shown.join(''));
}
