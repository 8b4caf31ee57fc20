import { Cell, PerlArray, PerlHash, type Scalar, textOf } from './values.ts';

const depthMax = 20;

/** `Data::Dumper`'s text of a value. */
export function dumped(value: Scalar, number: number): string {
  return `$VAR${number} = ${shown(value, 8, 0)};\n`;
}

function shown(value: Scalar, indent: number, depth: number): string {
  const pad = ' '.repeat(indent);
  if (depth > depthMax) return "'...'";
  if (value === undefined) return 'undef';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : `'${textOf(value)}'`;
  const within = (text: string) =>
    typeof value === 'object' && 'blessed' in value && value.blessed !== undefined
      ? `bless( ${text}, '${value.blessed}' )`
      : text;
  if (value instanceof PerlArray) {
    if (value.items.length === 0) return within('[]');
    return within(
      `[\n${value.items.map((item) => `${pad}  ${shown(item, indent + 2, depth + 1)}`).join(',\n')}\n${pad}]`,
    );
  }
  if (value instanceof PerlHash) {
    if (value.items.size === 0) return within('{}');
    const rows = [...value.items].map(([key, item]) => {
      const head = `'${key}' => `;
      return `${pad}  ${head}${shown(item, indent + 2 + head.length, depth + 1)}`;
    });
    return within(`{\n${rows.join(',\n')}\n${pad}}`);
  }
  if (value instanceof Cell) return within(`\\${shown(value.value, indent + 2, depth + 1)}`);
  const text = textOf(value);
  return /^(?:0|-?[1-9]\d{0,8})$/.test(text) ? `'${text}'` : `'${text.replace(/['\\]/g, '\\$&')}'`;
}
