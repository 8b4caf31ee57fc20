import { faultTexts, WorldFault } from '../../world/faults.ts';
import { resolvePath } from '../../world/paths.ts';
import { bytesFrom } from '../bytes.ts';
import { type Call, fail, type Programs, type Result, readOptions, say } from '../program.ts';

/** od as GNU's, which bots use to make numbers of /dev/urandom and to look at headers of programs. */
export const odPrograms: Programs = { od };

const short: Readonly<Record<string, string>> = {
  b: 'o1',
  c: 'c',
  d: 'u2',
  i: 'd4',
  l: 'd8',
  o: 'o2',
  s: 'd2',
  x: 'x2',
};
const rowBytes = 16;
const bytesMax = 64 * 1024;

function od({ args, machine, shell }: Call): Result {
  const { flags, rest } = readOptions(args, 'AtNjwS');
  let input: Buffer;
  try {
    const [name] = rest;
    const whole =
      name === undefined ? bytesFrom(shell.stdin) : machine.world.read(resolvePath(shell.cwd, name), machine.actor);
    input = Buffer.from(whole);
  } catch (error) {
    if (!(error instanceof WorldFault)) throw error;
    return fail(`od: ${rest[0]}: ${faultTexts[error.code]}\n`);
  }
  const skip = sizeIn(flags.get('j') ?? flags.get('skip-bytes') ?? '0');
  const wanted = sizeIn(flags.get('N') ?? flags.get('read-bytes') ?? String(bytesMax));
  const bytes = input.subarray(skip, skip + Math.min(wanted, bytesMax));
  const asked = flags.get('t') ?? flags.get('format');
  const given = asked ?? [...flags.keys()].map((flag) => short[flag]).find((kind) => kind !== undefined) ?? 'o2';
  const kinds = given.match(/[acdoux][1248]?/g) ?? [];
  if (kinds.length === 0) return fail(`od: invalid character '${given[0] ?? ''}' in type string ‘${given}’\n`);
  const radix = flags.get('A') ?? flags.get('address-radix') ?? 'o';
  return say(rows(bytes, kinds, radix, skip, flags.has('v')));
}

function sizeIn(text: string): number {
  const value = Number(/^0x[0-9a-f]+|^\d+/i.exec(text)?.[0] ?? 0);
  return value * (/k$/i.test(text) ? 1024 : 1);
}

function rows(bytes: Buffer, kinds: readonly string[], radix: string, skip: number, isWhole: boolean): string {
  let shown = '';
  let before = '';
  let isStarred = false;
  for (let at = 0; at < bytes.length; at += rowBytes) {
    const row = bytes.subarray(at, at + rowBytes);
    const key = row.toString('latin1');
    if (!isWhole && at > 0 && key === before && row.length === rowBytes && at + rowBytes < bytes.length) {
      shown += isStarred ? '' : '*\n';
      isStarred = true;
      continue;
    }
    [before, isStarred] = [key, false];
    const head = place(at + skip, radix);
    shown += kinds
      .map((kind, index) => `${index === 0 ? head : ' '.repeat(head.length)}${cells(row, kind)}\n`)
      .join('');
  }
  return radix === 'n' ? shown : `${shown}${place(bytes.length + skip, radix)}\n`;
}

function place(at: number, radix: string): string {
  const base = { o: 8, d: 10, x: 16 }[radix];
  return base === undefined ? '' : at.toString(base).padStart(radix === 'x' ? 6 : 7, '0');
}

const named: Readonly<Record<number, string>> = {
  ...{ 0: '\\0', 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' },
};

function cells(row: Buffer, kind: string): string {
  const letter = kind[0] ?? 'o';
  if (letter === 'c' || letter === 'a') return [...row].map((byte) => letterCell(byte)).join('');
  const size = Number(kind[1] ?? (letter === 'o' || letter === 'x' || letter === 'd' || letter === 'u' ? 4 : 2));
  const padded = Buffer.alloc(Math.ceil(row.length / size) * size);
  row.copy(padded);
  const widths: Readonly<Record<string, readonly number[]>> = {
    o: [3, 6, 11, 22],
    x: [2, 4, 8, 16],
    u: [3, 5, 10, 20],
    d: [4, 6, 11, 20],
  };
  const width = widths[letter]?.[Math.log2(size)] ?? 11;
  let shown = '';
  for (let at = 0; at < padded.length; at += size) shown += ` ${number(padded, at, size, letter).padStart(width)}`;
  return shown;
}

function number(bytes: Buffer, at: number, size: number, letter: string): string {
  let value = 0n;
  for (let index = size - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[at + index] ?? 0);
  if (letter === 'd') return BigInt.asIntN(size * 8, value).toString();
  if (letter === 'u') return value.toString();
  const digits = letter === 'x' ? size * 2 : Math.ceil((size * 8) / 3);
  return value.toString(letter === 'x' ? 16 : 8).padStart(digits, '0');
}

function letterCell(byte: number): string {
  const shown =
    named[byte] ?? (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'));
  return ` ${shown.padStart(3)}`;
}
