import { numberOf, type Scalar, shownNumber, textOf } from './values.ts';

const widthMax = 10_000;

/** `sprintf`, as Perl's. */
export function sprintf(form: string, values: readonly Scalar[]): string {
  let next = 0;
  const take = () => values[next++];
  return form.replace(
    /%(?:(\d+)\$)?([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:[hlqLV]*)([a-zA-Z%])/g,
    (
      whole,
      place: string | undefined,
      flags: string,
      width: string | undefined,
      digits: string | undefined,
      letter: string,
    ) => {
      if (letter === '%') return '%';
      const size = Math.min(widthMax, width === '*' ? numberOf(take()) : Number(width ?? 0));
      const hasDigits = whole.includes('.');
      const precision = Math.min(500, digits === '*' ? numberOf(take()) : Number(digits ?? 0));
      const value = place === undefined ? take() : values[Number(place) - 1];
      const shown = one(letter, value, hasDigits ? precision : undefined, flags);
      if (shown === undefined) return whole;
      if (flags.includes('-')) return shown.padEnd(size);
      const isNumber = letter !== 's' && letter !== 'c';
      if (!flags.includes('0') || !isNumber) return shown.padStart(size);
      const sign = /^[-+ ]/.exec(shown)?.[0] ?? '';
      return sign + shown.slice(sign.length).padStart(size - sign.length, '0');
    },
  );
}

function one(letter: string, value: Scalar, precision: number | undefined, flags: string): string | undefined {
  const sign = (text: string) => (flags.includes('+') && !text.startsWith('-') ? `+${text}` : text);
  const whole = () => BigInt(Number.isFinite(numberOf(value)) ? Math.trunc(numberOf(value)) : 0);
  const based = (base: number, mark: string) => {
    const digits = BigInt.asUintN(64, whole())
      .toString(base)
      .padStart(precision ?? 0, '0');
    return flags.includes('#') ? mark + digits : digits;
  };
  switch (letter) {
    case 's':
      return precision === undefined ? textOf(value) : textOf(value).slice(0, precision);
    case 'c':
      return String.fromCharCode(numberOf(value) & 0xff);
    case 'd':
    case 'i':
      return sign(
        whole()
          .toString()
          .replace(/\d+/, (digits) => digits.padStart(precision ?? 0, '0')),
      );
    case 'u':
      return BigInt.asUintN(64, whole()).toString();
    case 'x':
      return based(16, '0x');
    case 'X':
      return based(16, '0X').toUpperCase();
    case 'o':
      return based(8, '0');
    case 'b':
    case 'B':
      return based(2, '0b');
    case 'f':
    case 'F':
      return sign(numberOf(value).toFixed(Math.min(precision ?? 6, 100)));
    case 'e':
      return sign(
        numberOf(value)
          .toExponential(Math.min(precision ?? 6, 100))
          .replace(/e([-+])(\d)$/, 'e$10$2'),
      );
    case 'g':
      return sign(shownNumber(Number(numberOf(value).toPrecision(Math.max(1, Math.min(precision ?? 6, 100))))));
    case 'v':
      return [...textOf(value)].map((each) => each.charCodeAt(0)).join('.');
    default:
      return undefined;
  }
}
