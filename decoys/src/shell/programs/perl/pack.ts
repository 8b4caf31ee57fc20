import { numberOf, type Scalar, textOf } from './values.ts';

const countMax = 100_000;

interface Field {
  readonly letter: string;
  /** As many as there are: `*`. */
  readonly count: number;
}

function fieldsOf(template: string): Field[] {
  return [...template.matchAll(/([a-zA-Z])[!<>]*(\d+|\*)?/g)].map(([, letter = '', count]) => ({
    letter,
    count: count === '*' ? Infinity : Math.min(countMax, Number(count ?? 1)),
  }));
}

const sizes: Readonly<Record<string, number>> = {
  c: 1,
  C: 1,
  s: 2,
  S: 2,
  n: 2,
  v: 2,
  l: 4,
  L: 4,
  N: 4,
  V: 4,
  i: 4,
  I: 4,
  q: 8,
  Q: 8,
  j: 8,
  J: 8,
};
const isBig = (letter: string) => letter === 'n' || letter === 'N';

/** Values as bytes. */
export function pack(template: string, values: readonly Scalar[]): string {
  let next = 0;
  return fieldsOf(template)
    .map(({ letter, count }) => packed(letter, count))
    .join('');

  function packed(letter: string, count: number): string {
    if (letter === 'x') return '\0'.repeat(Number.isFinite(count) ? count : 0);
    if (/[aAZ]/.test(letter)) {
      const text = textOf(values[next++]);
      if (!Number.isFinite(count)) return letter === 'Z' ? `${text}\0` : text;
      return text.slice(0, count).padEnd(count, letter === 'A' ? ' ' : '\0');
    }
    if (letter === 'H' || letter === 'h') {
      const digits = textOf(values[next++]);
      const pairs = digits.slice(0, count).match(/..?/g) ?? [];
      const turned = (pair: string) =>
        letter === 'H' ? pair.padEnd(2, '0') : [...pair.padEnd(2, '0')].reverse().join('');
      return pairs.map((pair) => String.fromCharCode(Number.parseInt(turned(pair), 16) || 0)).join('');
    }
    if (letter === 'B') {
      const digits = textOf(values[next++]).match(/.{1,8}/g) ?? [];
      return digits.map((byte) => String.fromCharCode(Number.parseInt(byte.padEnd(8, '0'), 2))).join('');
    }
    const items = values.slice(next, next + Math.min(count, values.length));
    next += items.length;
    if (letter === 'U' || letter === 'W')
      return items
        .map((value) => Buffer.from(String.fromCodePoint(numberOf(value) & 0x1fffff)).toString('latin1'))
        .join('');
    return items.map((value) => whole(value, letter)).join('');
  }
}

function whole(value: Scalar, letter: string): string {
  const size = sizes[letter] ?? 1;
  let rest = BigInt.asUintN(64, BigInt(Math.trunc(numberOf(value)) || 0));
  const bytes = Array.from({ length: size }, () => {
    const byte = Number(rest & 0xffn);
    rest >>= 8n;
    return byte;
  });
  return String.fromCharCode(...(isBig(letter) ? bytes.reverse() : bytes));
}

/** Bytes as values. */
export function unpack(template: string, text: string): Scalar[] {
  let at = 0;
  return fieldsOf(template).flatMap(({ letter, count }) => unpacked(letter, count));

  function unpacked(letter: string, count: number): Scalar[] {
    if (letter === 'x') {
      at += count;
      return [];
    }
    if (/[aAZ]/.test(letter)) {
      const part = text.slice(at, Number.isFinite(count) ? at + count : undefined);
      at += part.length;
      return [letter === 'a' ? part : letter === 'A' ? part.replace(/[\s\0]+$/, '') : part.replace(/\0[\s\S]*$/, '')];
    }
    if (letter === 'H' || letter === 'h' || letter === 'B') {
      const perByte = letter === 'B' ? 8 : 2;
      const part = text.slice(at, Number.isFinite(count) ? at + Math.ceil(count / perByte) : undefined);
      at += part.length;
      const shown = [...part].map((byte) =>
        byte
          .charCodeAt(0)
          .toString(letter === 'B' ? 2 : 16)
          .padStart(perByte, '0'),
      );
      const turned = letter === 'h' ? shown.map((pair) => [...pair].reverse().join('')) : shown;
      return [turned.join('').slice(0, count)];
    }
    const size = sizes[letter] ?? 1;
    const values: Scalar[] = [];
    while (values.length < count && at + size <= text.length) {
      const bytes = Array.from(text.slice(at, at + size), (byte) => byte.charCodeAt(0));
      if (!isBig(letter)) bytes.reverse();
      const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
      values.push(Number(/[csliqj]/.test(letter) ? BigInt.asIntN(size * 8, value) : value));
      at += size;
    }
    return values;
  }
}
