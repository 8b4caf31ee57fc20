import { itemsOf } from './operators.ts';
import { encodingOf, textMethods } from './text-methods.ts';
import { PyBytes, PyList, PyTuple, type Run, type Value } from './values.ts';

const asText =
  'upper lower strip lstrip rstrip split rsplit splitlines partition replace startswith endswith find rfind index count isdigit join zfill ljust rjust'.split(
    ' ',
  );

/** What can be done with bytes: what text can do, letter for byte, and back to text. */
export function bytesMethods(value: PyBytes): Readonly<Record<string, Run>> {
  const methods = textMethods(value.bytes.toString('latin1'));
  const same = asText.map((name): [string, Run] => [
    name,
    async (args, named) => toBytes((await methods[name]?.(args.map(toText), named)) ?? null),
  ]);
  return {
    ...Object.fromEntries(same),
    decode: ([encoding], named) => value.bytes.toString(encodingOf(encoding ?? named.get('encoding'))),
    hex: () => value.bytes.toString('hex'),
  };
}

function toText(value: Value): Value {
  if (value instanceof PyBytes) return value.bytes.toString('latin1');
  if (value instanceof PyTuple) return new PyTuple(value.items.map(toText));
  return value instanceof PyList ? new PyList(itemsOf(value).map(toText)) : value;
}

function toBytes(value: Value): Value {
  if (typeof value === 'string') return new PyBytes(Buffer.from(value, 'latin1'));
  if (value instanceof PyList) return new PyList(value.items.map(toBytes));
  return value instanceof PyTuple ? new PyTuple(value.items.map(toBytes)) : value;
}
