import { exceptionOf, makeException, PythonFault, raise } from './faults.ts';
import type { Runtime } from './runtime.ts';
import { createScope } from './scope.ts';
import { reprOf, strOf } from './show.ts';
import {
  findMember,
  isSubclass,
  type Named,
  PyBuiltIn,
  PyClass,
  PyDict,
  PyFunction,
  PyInstance,
  PyIterator,
  PyOpaque,
  PyTuple,
  typeName,
  type Value,
} from './values.ts';

/** Calls whatever can be called. `deeper` counts calls in calls. */
export function createInvoker(runtime: Runtime, deeper: <T>(run: () => Promise<T>) => Promise<T>) {
  return { invoke, strOf: textOf, reprOf: shownOf };

  async function invoke(callee: Value, args: readonly Value[], named: Named = new Map()): Promise<Value> {
    runtime.step();
    if (callee instanceof PyBuiltIn) return await callee.run(args, named);
    if (callee instanceof PyFunction) return await deeper(() => callFunction(callee, args, named));
    if (callee instanceof PyClass) return await make(callee, args, named);
    if (callee instanceof PyOpaque) return callee;
    const method = callee instanceof PyInstance ? findMember(callee.type, '__call__') : undefined;
    if (method !== undefined) return await invoke(method, [callee, ...args], named);
    return raise('TypeError', `'${typeName(callee)}' object is not callable`);
  }

  async function callFunction(callee: PyFunction, args: readonly Value[], named: Named): Promise<Value> {
    const { body } = callee;
    const given: Value[] = [];
    const isGenerator = !('kind' in body) && body.isGenerator;
    const scope = createScope(callee.scope, false, isGenerator ? given : undefined);
    bind(callee, args, named, scope.names);
    // Of a lambda.
    if ('kind' in body) return await runtime.evaluate(body, scope);
    const at = runtime.line;
    try {
      const ended = await runtime.execute(body.body, scope);
      if (body.isGenerator) return new PyIterator(given);
      return ended?.kind === 'return' ? ended.value : null;
    } catch (error) {
      if (error instanceof PythonFault) error.trace.push({ line: runtime.line, where: callee.name });
      throw error;
    } finally {
      runtime.line = at;
    }
  }

  function bind(
    { name: callee, parameters, defaults }: PyFunction,
    args: readonly Value[],
    named: Named,
    names: Map<string, Value>,
  ): void {
    const left = [...args];
    const rest = new Map(named);
    const missing: string[] = [];
    for (const { name, star } of parameters) {
      if (star === 1) names.set(name, new PyTuple(left.splice(0)));
      else if (star === 2) {
        const dict = new PyDict();
        for (const [key, value] of rest) dict.entries.set(`s${key}`, [key, value]);
        rest.clear();
        names.set(name, dict);
      } else {
        const value = left.length > 0 ? left.shift() : (rest.get(name) ?? defaults.get(name));
        rest.delete(name);
        if (value === undefined) missing.push(`'${name}'`);
        else names.set(name, value);
      }
    }
    if (missing.length > 0)
      raise(
        'TypeError',
        `${callee}() missing ${missing.length} required positional argument${missing.length > 1 ? 's' : ''}: ${missing.join(' and ')}`,
      );
    if (left.length > 0) {
      const takes = parameters.length;
      raise(
        'TypeError',
        `${callee}() takes ${takes} positional argument${takes === 1 ? '' : 's'} but ${args.length} ${args.length === 1 ? 'was' : 'were'} given`,
      );
    }
    const [unexpected] = rest.keys();
    if (unexpected !== undefined) raise('TypeError', `${callee}() got an unexpected keyword argument '${unexpected}'`);
  }

  async function make(type: PyClass, args: readonly Value[], named: Named): Promise<Value> {
    if (type.make) return await type.make(args, named);
    const isException = isSubclass(type, exceptionOf('BaseException'));
    const made = isException ? exceptionWith(type, args) : new PyInstance(type);
    const start = findMember(type, '__init__');
    if (start !== undefined) await invoke(start, [made, ...args], named);
    else if (!isException && args.length > 0) raise('TypeError', `${type.name}() takes no arguments`);
    return made;
  }

  async function textOf(value: Value): Promise<string> {
    const method =
      value instanceof PyInstance
        ? (findMember(value.type, '__str__') ?? findMember(value.type, '__repr__'))
        : undefined;
    return method === undefined ? strOf(value) : strOf(await invoke(method, [value]));
  }

  async function shownOf(value: Value): Promise<string> {
    const method = value instanceof PyInstance ? findMember(value.type, '__repr__') : undefined;
    return method === undefined ? reprOf(value) : strOf(await invoke(method, [value]));
  }
}

/** `OSError(2, 'No such file')` knows its number. */
function exceptionWith(type: PyClass, args: readonly Value[]): PyInstance {
  const [number, text] = args;
  return isSubclass(type, exceptionOf('OSError')) && typeof number === 'bigint' && text !== undefined
    ? makeException(type, args, { errno: number, strerror: text, filename: args[2] ?? null })
    : makeException(type, args);
}
