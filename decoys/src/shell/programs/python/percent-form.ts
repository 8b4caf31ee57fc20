import { raise } from './faults.ts';
import { reprOf, strOf } from './show.ts';
import { PyBytes, PyDict, PyTuple, type Value } from './values.ts';

const widthMax = 10_000;

/** `'%s' % value`. @throws PythonFault */
export function formatted(form: string | PyBytes, given: Value): Value {
  const text = typeof form === 'string' ? form : form.bytes.toString('latin1');
  const values = given instanceof PyTuple ? [...given.items] : [given];
  const whole = text.replace(
    /%(?:\((\w+)\))?([-+ #0]*)(\*|\d+)?(?:\.(\d+))?([sdiurxXofFeEgGc%])/g,
    (
      _,
      name: string | undefined,
      flags: string,
      width: string | undefined,
      digits: string | undefined,
      kind: string,
    ) => {
      if (kind === '%') return '%';
      const size = width === '*' ? Number(values.shift() ?? 0) : Number(width ?? 0);
      const value = name === undefined ? next(values) : ofName(given, name);
      const shown = oneOf(kind, value, digits === undefined ? undefined : Number(digits), flags);
      return padded(shown, Math.min(size, widthMax), flags, kind);
    },
  );
  if (values.length > 0 && given instanceof PyTuple)
    raise('TypeError', 'not all arguments converted during string formatting');
  return typeof form === 'string' ? whole : new PyBytes(Buffer.from(whole, 'latin1'));
}

function next(values: Value[]): Value {
  const value = values.shift();
  return value === undefined ? raise('TypeError', 'not enough arguments for format string') : value;
}

function ofName(given: Value, name: string): Value {
  return given instanceof PyDict
    ? (given.entries.get(`s${name}`)?.[1] ?? null)
    : raise('TypeError', 'format requires a mapping');
}

function oneOf(kind: string, value: Value, digits: number | undefined, flags: string): string {
  if (kind === 's') return (value instanceof PyBytes ? reprOf(value) : strOf(value)).slice(0, digits);
  if (kind === 'r') return reprOf(value).slice(0, digits);
  if (kind === 'c') return typeof value === 'string' ? value : String.fromCharCode(Number(value));
  if (typeof value !== 'bigint' && typeof value !== 'number' && typeof value !== 'boolean')
    raise('TypeError', `%${kind} format: a real number is required, not ${value === null ? 'NoneType' : 'str'}`);
  return numberText(kind, value === true ? 1n : value === false ? 0n : value, digits, flags);
}

/** A number as one of C's letters has it. */
export function numberText(kind: string, value: bigint | number, digits: number | undefined, flags = ''): string {
  const sign = value < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const whole = typeof value === 'bigint' ? value : BigInt(Number.isFinite(value) ? Math.trunc(value) : 0);
  const size = whole < 0n ? -whole : whole;
  const pointed = Math.abs(Number(value));
  const places = Math.min(digits ?? 6, 50);
  const mark = flags.includes('#');
  switch (kind) {
    case 'x':
      return `${sign}${mark ? '0x' : ''}${size.toString(16)}`;
    case 'X':
      return `${sign}${mark ? '0X' : ''}${size.toString(16).toUpperCase()}`;
    case 'o':
      return `${sign}${mark ? '0o' : ''}${size.toString(8)}`;
    case 'b':
      return `${sign}${mark ? '0b' : ''}${size.toString(2)}`;
    case 'f':
    case 'F':
      return `${sign}${halfEven(pointed, places)}`;
    case 'e':
    case 'E': {
      const text = pointed.toExponential(places).replace(/e([+-])(\d)$/, 'e$10$2');
      return `${sign}${kind === 'E' ? text.toUpperCase() : text}`;
    }
    case 'g':
    case 'G':
      return `${sign}${Number(pointed.toPrecision(Math.max(1, places)))}`;
    default:
      return `${sign}${size}`;
  }
}

/** Half goes to the even neighbour where the number is that half exactly: 2.25 with one place is 2.2, where JavaScript says 2.3. */
function halfEven(value: number, places: number): string {
  const scaled = value * 10 ** places;
  const isHalf = places < 15 && scaled < 1e15 && scaled % 1 === 0.5 && scaled / 10 ** places === value;
  if (!isHalf) return value.toFixed(places);
  const below = Math.floor(scaled);
  return ((below % 2 === 0 ? below : below + 1) / 10 ** places).toFixed(places);
}

function padded(text: string, width: number, flags: string, kind: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || kind === 's' || kind === 'r') return text.padStart(width);
  const [sign = ''] = /^[-+ ]/.exec(text) ?? [];
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}
