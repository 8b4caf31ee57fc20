/** A whole number is a bigint, as long as it may get; any other is one with a point. */
export type PythonNumber = bigint | number;

export class PythonSumFault extends Error {}

/** More of it is more than a line is asked for, and would be work. */
const bitsMax = 20_000;

/**
 * Sums with + - * / // % ** and brackets as Python reckons them: whole numbers without end, `/` always with a point, `//`
 * and `%` to the lower side. Never handed to an interpreter. Undefined where the text is no sum, or too large a one.
 * @throws PythonSumFault with Python's words for it
 */
export function reckon(text: string): PythonNumber | undefined {
  const tokens = text.match(/\d+(?:\.\d+)?|\*\*|\/\/|[-+*/%()]/g) ?? [];
  let at = 0;
  try {
    const value = sum();
    return at === tokens.length && (typeof value === 'bigint' || Number.isFinite(value)) ? value : undefined;
  } catch (error) {
    if (error instanceof NoSum) return undefined;
    throw error;
  }

  function sum(): PythonNumber {
    let left = product();
    for (let sign = tokens[at]; sign === '+' || sign === '-'; sign = tokens[at]) {
      at++;
      left = apply(sign, left, product());
    }
    return left;
  }

  function product(): PythonNumber {
    let left = signed();
    for (let sign = tokens[at]; sign === '*' || sign === '/' || sign === '//' || sign === '%'; sign = tokens[at]) {
      at++;
      left = apply(sign, left, signed());
    }
    return left;
  }

  /** A sign binds less than a power: -2**2 is -4. */
  function signed(): PythonNumber {
    if (tokens[at] !== '-' && tokens[at] !== '+') return power();
    const sign = tokens[at++];
    const value = signed();
    return sign === '-' ? -value : value;
  }

  function power(): PythonNumber {
    const base = atom();
    if (tokens[at] !== '**') return base;
    at++;
    return apply('**', base, signed());
  }

  function atom(): PythonNumber {
    const token = tokens[at++] ?? '';
    if (token === '(') {
      const inner = sum();
      if (tokens[at++] !== ')') throw new NoSum();
      return inner;
    }
    if (!/^\d/.test(token)) throw new NoSum();
    return token.includes('.') ? Number(token) : BigInt(token);
  }
}

/** As `print` shows it. */
export function showNumber(value: PythonNumber): string {
  if (typeof value === 'bigint') return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

class NoSum extends Error {}

type Sign = '+' | '-' | '*' | '/' | '//' | '%' | '**';

function apply(sign: Sign, left: PythonNumber, right: PythonNumber): PythonNumber {
  const areWhole = typeof left === 'bigint' && typeof right === 'bigint';
  if ((sign === '/' || sign === '//' || sign === '%') && Number(right) === 0) throw divisionByZero(sign, areWhole);
  if (areWhole && sign !== '/') return applyWhole(sign, left, right);
  return applyPointed(sign, Number(left), Number(right));
}

function applyWhole(sign: Exclude<Sign, '/'>, left: bigint, right: bigint): PythonNumber {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      if (bitsOf(left) + bitsOf(right) > bitsMax) throw new NoSum();
      return left * right;
    case '//':
      return left / right - (left % right !== 0n && left < 0n !== right < 0n ? 1n : 0n);
    case '%':
      return ((left % right) + right) % right;
    case '**':
      if (right < 0n) return applyPointed('**', Number(left), Number(right));
      if (bitsOf(left) * Number(right) > bitsMax) throw new NoSum();
      return left ** right;
  }
}

function applyPointed(sign: Sign, left: number, right: number): number {
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
  }
}

function divisionByZero(sign: '/' | '//' | '%', isWhole: boolean): PythonSumFault {
  const whole = { '/': 'division by zero', '//': 'integer division or modulo by zero' };
  const pointed = { '/': 'float division by zero', '//': 'float floor division by zero', '%': 'float modulo' };
  // As Python 3.10 says it; 3.11 has a word of its own for the whole `%`.
  const what = isWhole ? whole[sign === '%' ? '//' : sign] : pointed[sign];
  return new PythonSumFault(`ZeroDivisionError: ${what}`);
}

function bitsOf(value: bigint): number {
  return value.toString(16).length * 4;
}
