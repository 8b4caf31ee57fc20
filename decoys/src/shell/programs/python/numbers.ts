import { raise } from './faults.ts';

/** A whole number is a bigint, as long as it may get; any other is one with a point. */
export type PythonNumber = bigint | number;

/** More of it is more than a line is asked for, and would be work. */
const bitsMax = 20_000;

/** As `print` shows it. */
export function showNumber(value: PythonNumber): string {
  if (typeof value === 'bigint') return String(value);
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value);
}

const wholeOnly: ReadonlySet<string> = new Set(['&', '|', '^', '<<', '>>']);

/**
 * Whole numbers without end, `/` always with a point, `//` and `%` to the lower side. Undefined where numbers have no such sign.
 * @throws PythonFault where Python does, or the number would be longer than a line needs
 */
export function reckon(sign: string, left: PythonNumber, right: PythonNumber): PythonNumber | undefined {
  const areWhole = typeof left === 'bigint' && typeof right === 'bigint';
  if (!areWhole && wholeOnly.has(sign)) return undefined;
  if (['/', '//', '%'].includes(sign) && Number(right) === 0) divisionByZero(sign, areWhole);
  if (areWhole && sign !== '/') return reckonWhole(sign, left, right);
  return reckonPointed(sign, Number(left), Number(right));
}

function reckonWhole(sign: string, left: bigint, right: bigint): PythonNumber | undefined {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      bounded(bitsOf(left) + bitsOf(right));
      return left * right;
    case '//':
      return left / right - (left % right !== 0n && left < 0n !== right < 0n ? 1n : 0n);
    case '%':
      return ((left % right) + right) % right;
    case '**':
      if (right < 0n) return reckonPointed('**', Number(left), Number(right));
      bounded(bitsOf(left) * Number(right));
      return left ** right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      bounded(bitsOf(left) + Number(right));
      return left << right;
    case '>>':
      return left >> right;
    default:
      return undefined;
  }
}

function reckonPointed(sign: string, left: number, right: number): number | undefined {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '//':
      return Math.floor(left / right);
    case '%':
      return left - right * Math.floor(left / right);
    case '**':
      return left ** right;
    default:
      return undefined;
  }
}

function divisionByZero(sign: string, isWhole: boolean): never {
  const pointed: Readonly<Record<string, string>> = {
    ...{ '/': 'float division by zero', '//': 'float floor division by zero', '%': 'float modulo' },
  };
  const whole: Readonly<Record<string, string>> = {
    ...{ '/': 'division by zero', '//': 'integer division or modulo by zero', '%': 'integer modulo by zero' },
  };
  raise('ZeroDivisionError', (isWhole ? whole : pointed)[sign] ?? '');
}

function bounded(bits: number): void {
  if (bits > bitsMax) raise('MemoryError', '');
}

function bitsOf(value: bigint): number {
  return value.toString(16).length * 4;
}
