import { bytesMethods } from './bytes-methods.ts';
import { dictMethods } from './dict-methods.ts';
import { raise } from './faults.ts';
import { listMethods } from './list-methods.ts';
import type { Runtime } from './runtime.ts';
import { setMethods } from './set-methods.ts';
import { textMethods } from './text-methods.ts';
import {
  findMember,
  PyBuiltIn,
  PyBytes,
  PyClass,
  PyDict,
  PyFunction,
  PyInstance,
  PyList,
  PyModule,
  PyOpaque,
  PySet,
  type Run,
  typeName,
  type Value,
} from './values.ts';

/** `value.name`. @throws PythonFault AttributeError */
export function attributeOf(runtime: Runtime, value: Value, name: string): Value {
  if (name === '__class__') return new PyClass(typeName(value));
  if (value instanceof PyOpaque) return new PyOpaque(`${value.name}.${name}`);
  const found = memberOf(runtime, value, name) ?? methodOf(runtime, value, name);
  if (found !== undefined) return found;
  if (value instanceof PyModule) return raise('AttributeError', `module '${value.name}' has no attribute '${name}'`);
  if (value instanceof PyClass)
    return raise('AttributeError', `type object '${value.name}' has no attribute '${name}'`);
  return raise('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`);
}

function memberOf(runtime: Runtime, value: Value, name: string): Value | undefined {
  if (value instanceof PyModule) return value.members.get(name);
  if (value instanceof PyClass) return name === '__name__' ? value.name : findMember(value, name);
  if (value instanceof PyFunction) return name === '__name__' ? value.name : undefined;
  if (!(value instanceof PyInstance)) return undefined;
  const own = value.members.get(name);
  if (own !== undefined) return own;
  const member = findMember(value.type, name);
  return member instanceof PyFunction
    ? new PyBuiltIn(name, (args, named) => runtime.invoke(member, [value, ...args], named))
    : member;
}

/** A method of a type that is built in, bound to its value. */
function methodOf(runtime: Runtime, value: Value, name: string): Value | undefined {
  const table = tableOf(runtime, value);
  const method = table && Object.hasOwn(table, name) ? table[name] : undefined;
  return method && new PyBuiltIn(name, method);
}

function tableOf(runtime: Runtime, value: Value): Readonly<Record<string, Run>> | undefined {
  if (typeof value === 'string') return textMethods(value);
  if (value instanceof PyList) return listMethods(runtime, value);
  if (value instanceof PyDict) return dictMethods(value);
  if (value instanceof PySet) return setMethods(value);
  if (value instanceof PyBytes) return bytesMethods(value);
  if (typeof value === 'bigint')
    return {
      bit_length: () => BigInt(value.toString(2).replace('-', '').length),
      to_bytes: ([size = 1n, order = 'big']) => intBytes(value, Number(size), order === 'little'),
    };
  return undefined;
}

function intBytes(value: bigint, size: number, isLittle: boolean): PyBytes {
  const hex = value.toString(16).padStart(Math.min(size, 1024) * 2, '0');
  const bytes = Buffer.from(hex, 'hex');
  return new PyBytes(isLittle ? bytes.reverse() : bytes);
}
