import type { Runtime } from './runtime.ts';
import { die } from './runtime.ts';
import { isTrue, numberOf, type Scalar, textOf } from './values.ts';

type Operate = (left: Scalar, right: Scalar, runtime: Runtime) => Scalar;

const truth = (value: boolean): Scalar => (value ? 1 : '');
const compared = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);
const repeatMax = 1024 * 1024;

/** What stands between two values, neither of which is left out. */
const table: Readonly<Record<string, Operate>> = {
  '+': (left, right) => numberOf(left) + numberOf(right),
  '-': (left, right) => numberOf(left) - numberOf(right),
  '*': (left, right) => numberOf(left) * numberOf(right),
  '/': (left, right, runtime) => {
    const by = numberOf(right);
    return by === 0 ? die(runtime, 'Illegal division by zero') : numberOf(left) / by;
  },
  '%': (left, right, runtime) => {
    const by = Math.trunc(numberOf(right));
    if (by === 0) return die(runtime, 'Illegal modulus zero');
    const rest = Math.trunc(numberOf(left)) % by;
    return rest !== 0 && rest < 0 !== by < 0 ? rest + by : rest;
  },
  '**': (left, right) => numberOf(left) ** numberOf(right),
  '.': (left, right) => textOf(left) + textOf(right),
  x: (left, right) => {
    const text = textOf(left);
    const times = Math.max(0, Math.trunc(numberOf(right)));
    return text.repeat(Math.min(times, Math.floor(repeatMax / Math.max(1, text.length))));
  },
  '==': (left, right) => truth(numberOf(left) === numberOf(right)),
  '!=': (left, right) => truth(numberOf(left) !== numberOf(right)),
  '<': (left, right) => truth(numberOf(left) < numberOf(right)),
  '>': (left, right) => truth(numberOf(left) > numberOf(right)),
  '<=': (left, right) => truth(numberOf(left) <= numberOf(right)),
  '>=': (left, right) => truth(numberOf(left) >= numberOf(right)),
  '<=>': (left, right) => Math.sign(numberOf(left) - numberOf(right)),
  eq: (left, right) => truth(textOf(left) === textOf(right)),
  ne: (left, right) => truth(textOf(left) !== textOf(right)),
  lt: (left, right) => truth(textOf(left) < textOf(right)),
  gt: (left, right) => truth(textOf(left) > textOf(right)),
  le: (left, right) => truth(textOf(left) <= textOf(right)),
  ge: (left, right) => truth(textOf(left) >= textOf(right)),
  cmp: (left, right) => compared(textOf(left), textOf(right)),
  '&': (left, right) => bits(left, right, (a, b) => a & b),
  '|': (left, right) => bits(left, right, (a, b) => a | b),
  '^': (left, right) => bits(left, right, (a, b) => a ^ b),
  '<<': (left, right) =>
    Number(BigInt.asUintN(64, wholeOf(left) << BigInt(Math.min(64, Math.max(0, numberOf(right)))))),
  '>>': (left, right) =>
    Number(BigInt.asUintN(64, wholeOf(left)) >> BigInt(Math.min(64, Math.max(0, numberOf(right))))),
  xor: (left, right) => truth(isTrue(left) !== isTrue(right)),
};

export function operate(operator: string, left: Scalar, right: Scalar, runtime: Runtime): Scalar {
  const found = Object.hasOwn(table, operator) ? table[operator] : undefined;
  return found ? found(left, right, runtime) : die(runtime, `Unknown operator ${operator}`);
}

function wholeOf(value: Scalar): bigint {
  const number = Math.trunc(numberOf(value));
  return Number.isFinite(number) ? BigInt(number) : 0n;
}

/** Of two texts the bits of each byte, as programs do that hide theirs; of numbers those of 64. */
function bits(left: Scalar, right: Scalar, combine: (a: bigint, b: bigint) => bigint): Scalar {
  if (typeof left !== 'string' || typeof right !== 'string')
    return Number(BigInt.asUintN(64, combine(wholeOf(left), wholeOf(right))));
  const length = Math.max(left.length, right.length);
  const byte = (text: string, at: number) => BigInt(at < text.length ? text.charCodeAt(at) : 0);
  return Array.from({ length }, (_, at) =>
    String.fromCharCode(Number(combine(byte(left, at), byte(right, at)) & 0xffn)),
  ).join('');
}

/** `aa` becomes `ab`, `Zz` `AAa`, and what is a number one more. */
export function increased(value: Scalar): Scalar {
  if (typeof value !== 'string' || !/^[a-zA-Z]+\d*$|^[a-zA-Z]*\d+$/.test(value) || /^\d/.test(value))
    return numberOf(value) + 1;
  const letters = [...value];
  for (let at = letters.length - 1; at >= 0; at--) {
    const letter = letters[at] ?? '';
    if (letter !== 'z' && letter !== 'Z' && letter !== '9') {
      letters[at] = String.fromCharCode(letter.charCodeAt(0) + 1);
      return letters.join('');
    }
    letters[at] = letter === 'z' ? 'a' : letter === 'Z' ? 'A' : '0';
  }
  const [first = ''] = letters;
  return (first === '0' ? '1' : first) + letters.join('');
}

const rangeMax = 100_000;

/** `1..5`, `'a'..'e'`. */
export function range(from: Scalar, to: Scalar): Scalar[] {
  if (typeof from === 'string' && !/^\s*-?\d+(?:\.\d+)?\s*$/.test(from) && from !== '') {
    const end = textOf(to);
    const items: Scalar[] = [];
    for (let at: Scalar = from; items.length < rangeMax && textOf(at).length <= end.length; at = increased(at)) {
      items.push(at);
      if (at === end) break;
    }
    return items;
  }
  const first = Math.trunc(numberOf(from));
  const length = Math.max(0, Math.min(rangeMax, Math.trunc(numberOf(to)) - first + 1));
  return Array.from({ length }, (_, at) => first + at);
}
