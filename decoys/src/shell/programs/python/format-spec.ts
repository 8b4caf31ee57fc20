import { raise } from './faults.ts';
import { numberText } from './percent-form.ts';
import { strOf } from './show.ts';
import { typeName, type Value } from './values.ts';

const form = /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/;
const widthMax = 10_000;

/** `format(value, '>8.2f')`. @throws PythonFault */
export function formatValue(value: Value, spec: string): string {
  if (spec === '') return strOf(value);
  const match = form.exec(spec);
  if (!match) raise('ValueError', 'Invalid format specifier');
  const [, fill, align, sign = '', mark = '', zero, width = '0', group, digits, kind] = match;
  const isNumber = typeof value === 'bigint' || typeof value === 'number';
  if (kind !== undefined && kind !== 's' && !isNumber && typeof value !== 'boolean')
    raise('ValueError', `Unknown format code '${kind}' for object of type '${typeName(value)}'`);
  const places = digits === undefined ? undefined : Number(digits);
  const text = isNumber ? numeric(value, kind, places, sign + mark, group) : strOf(value).slice(0, places);
  const size = Math.min(Number(width), widthMax);
  return aligned(text, size, align ?? (zero ? '=' : isNumber ? '>' : '<'), fill ?? (zero ? '0' : ' '));
}

function numeric(
  value: bigint | number,
  kind: string | undefined,
  places: number | undefined,
  flags: string,
  group?: string,
): string {
  if (kind === '%') return `${numberText('f', Number(value) * 100, places, flags)}%`;
  if (kind === 'c') return String.fromCharCode(Number(value));
  const text =
    kind === undefined && typeof value === 'number'
      ? places === undefined
        ? strOf(value)
        : numberText('g', value, places, flags)
      : numberText(kind ?? 'd', value, places, flags);
  return group === undefined
    ? text
    : text.replace(
        /^([-+ ]?)(\d+)/,
        (_, sign: string, whole: string) => sign + whole.replace(/\B(?=(\d{3})+$)/g, group),
      );
}

function aligned(text: string, width: number, align: string, fill: string): string {
  const missing = width - text.length;
  if (missing <= 0) return text;
  if (align === '<') return text + fill.repeat(missing);
  if (align === '>') return fill.repeat(missing) + text;
  if (align === '^') return fill.repeat(Math.floor(missing / 2)) + text + fill.repeat(Math.ceil(missing / 2));
  const [sign = ''] = /^[-+ ]/.exec(text) ?? [];
  return sign + fill.repeat(missing) + text.slice(sign.length);
}

/** `'{} {name:>3} {0}'.format(…)`. */
export function formatText(text: string, valueFor: (field: string) => Value): string {
  let count = 0;
  return text.replace(
    /\{\{|\}\}|\{([^{}!:]*)(?:!([rs]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}/g,
    (whole, field = '', _shown, spec = '') => {
      if (whole === '{{' || whole === '}}') return whole.charAt(0);
      const value = valueFor(field === '' ? String(count++) : field);
      return formatValue(
        value,
        spec.replace(/\{([^{}]*)\}/g, (_: string, inner: string) =>
          strOf(valueFor(inner === '' ? String(count++) : inner)),
        ),
      );
    },
  );
}
