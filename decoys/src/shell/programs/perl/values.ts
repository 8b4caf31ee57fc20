/** What a Perl variable may hold. A reference is the container itself that it refers to. */
export type Scalar =
  | undefined
  | number
  | string
  | Cell
  | PerlArray
  | PerlHash
  | PerlCode
  | PerlHandle
  | PerlPattern
  | Errno;

interface Blessed {
  /** The package whose object it is. */
  blessed: string | undefined;
}

export class Cell implements Blessed {
  value: Scalar;
  blessed: string | undefined = undefined;
  constructor(value: Scalar = undefined) {
    this.value = value;
  }
}

export class PerlArray implements Blessed {
  items: Scalar[];
  blessed: string | undefined = undefined;
  constructor(items: Scalar[] = []) {
    this.items = items;
  }
}

export class PerlHash implements Blessed {
  readonly items = new Map<string, Scalar>();
  blessed: string | undefined = undefined;
  /** Where `each` has come to. */
  at = 0;
}

export class PerlCode implements Blessed {
  readonly name: string;
  readonly run: (args: PerlArray, isList: boolean) => Promise<Scalar[]>;
  blessed: string | undefined = undefined;
  constructor(name: string, run: PerlCode['run']) {
    this.name = name;
    this.run = run;
  }
}

/** An open file, a command's pipe, or a socket that goes nowhere. */
export class PerlHandle implements Blessed {
  blessed: string | undefined = undefined;
  readonly name: string;
  /** What is left to read. */
  input = '';
  at = 0;
  /** Lines read so far. */
  lines = 0;
  isOpen = true;
  output: ((text: string) => void) | undefined;
  close: (() => Promise<number>) | undefined;
  constructor(name: string) {
    this.name = name;
  }
}

export class PerlPattern {
  readonly source: string;
  readonly flags: string;
  constructor(source: string, flags: string) {
    this.source = source;
    this.flags = flags;
  }
}

/** `$!`: a number where one is asked for, else its words. */
export class Errno {
  readonly number: number;
  readonly text: string;
  constructor(number: number, text: string) {
    this.number = number;
    this.text = text;
  }
}

const textMax = 4 * 1024 * 1024;

export function isTrue(value: Scalar): boolean {
  if (value instanceof Errno) return value.number !== 0;
  return value !== undefined && value !== '' && value !== 0 && value !== '0';
}

export function numberOf(value: Scalar): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  if (value instanceof Errno) return value.number;
  if (typeof value !== 'string') return addressOf(value);
  const [read] = /^\s*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|Inf(?:inity)?|NaN)/i.exec(value) ?? [];
  if (read === undefined) return 0;
  return /inf/i.test(read) ? (read.includes('-') ? -Infinity : Infinity) : Number(read);
}

export function textOf(value: Scalar): string {
  if (typeof value === 'string') return value.length > textMax ? value.slice(0, textMax) : value;
  if (value === undefined) return '';
  if (typeof value === 'number') return shownNumber(value);
  if (value instanceof Errno) return value.text;
  if (value instanceof PerlPattern && value.flags === '') return `(?^:${value.source})`;
  if (value instanceof PerlPattern) return `(?^${value.flags}:${value.source})`;
  const bare = `${typeOf(value)}(0x${addressOf(value).toString(16)})`;
  return value.blessed === undefined ? bare : `${value.blessed}=${bare}`;
}

/** As C's `%.15g` has it. */
export function shownNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value === 0 ? 0 : value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Inf' : '-Inf';
  if (Number.isInteger(value) && Math.abs(value) < 1.8e19) return BigInt(value).toString();
  const short = value.toPrecision(15);
  const [digits = '', power] = short.split('e');
  const bare = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
  if (power !== undefined) return `${bare}e${power.replace(/^([-+])(\d)$/, '$10$2')}`;
  return Math.abs(value) < 1e-4 ? value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2') : bare;
}

type Container = Exclude<Scalar, undefined | number | string | Errno>;

export function typeOf(value: Container): string {
  if (value instanceof PerlArray) return 'ARRAY';
  if (value instanceof PerlHash) return 'HASH';
  if (value instanceof PerlCode) return 'CODE';
  if (value instanceof PerlHandle) return 'GLOB';
  if (value instanceof PerlPattern) return 'Regexp';
  return value.value instanceof Object && !(value.value instanceof Errno) ? 'REF' : 'SCALAR';
}

export function isReference(value: Scalar): value is Container {
  return typeof value === 'object' && !(value instanceof Errno);
}

const addresses = new WeakMap<object, number>();
let lastAddress = 0x55d0c0a80000;

function addressOf(value: object): number {
  const known = addresses.get(value);
  if (known !== undefined) return known;
  lastAddress += 0x18;
  addresses.set(value, lastAddress);
  return lastAddress;
}
