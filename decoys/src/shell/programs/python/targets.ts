import { raise } from './faults.ts';
import { removeItem, setItem } from './indexing.ts';
import type { Expression } from './nodes.ts';
import { itemsOf } from './operators.ts';
import type { Runtime } from './runtime.ts';
import { assign, type Scope } from './scope.ts';
import { findMember, PyClass, PyInstance, PyList, PyModule, PyOpaque, typeName, type Value } from './values.ts';

/** Gives a value to what stands left of `=`. @throws PythonFault */
export async function assignTo(runtime: Runtime, target: Expression, value: Value, scope: Scope): Promise<void> {
  switch (target.kind) {
    case 'name':
      return assign(scope, target.name, value);
    case 'tuple':
    case 'list':
      return await unpack(runtime, target.items, itemsOf(value), scope);
    case 'attribute': {
      const of = await runtime.evaluate(target.of, scope);
      if (of instanceof PyInstance || of instanceof PyClass || of instanceof PyModule)
        of.members.set(target.name, value);
      else if (!(of instanceof PyOpaque))
        raise('AttributeError', `'${typeName(of)}' object has no attribute '${target.name}'`);
      return;
    }
    case 'index': {
      const of = await runtime.evaluate(target.of, scope);
      if (target.at.kind === 'slice') {
        if (of instanceof PyList) of.items.splice(0, of.items.length, ...itemsOf(value));
        return;
      }
      const key = await runtime.evaluate(target.at, scope);
      const method = of instanceof PyInstance ? findMember(of.type, '__setitem__') : undefined;
      if (method !== undefined) await runtime.invoke(method, [of, key, value]);
      else if (!(of instanceof PyOpaque)) setItem(of, key, value);
      return;
    }
    default:
      raise('SyntaxError', 'cannot assign to expression');
  }
}

async function unpack(
  runtime: Runtime,
  targets: readonly Expression[],
  items: readonly Value[],
  scope: Scope,
): Promise<void> {
  const star = targets.findIndex(({ kind }) => kind === 'star');
  const needed = targets.length - (star < 0 ? 0 : 1);
  if (items.length < needed)
    raise(
      'ValueError',
      `not enough values to unpack (expected ${star < 0 ? '' : 'at least '}${needed}, got ${items.length})`,
    );
  if (star < 0 && items.length > needed) raise('ValueError', `too many values to unpack (expected ${needed})`);
  const extra = items.length - needed;
  for (const [index, target] of targets.entries()) {
    if (target.kind === 'star')
      await assignTo(runtime, target.of, new PyList(items.slice(index, index + extra)), scope);
    else await assignTo(runtime, target, items[star >= 0 && index > star ? index + extra - 1 : index] ?? null, scope);
  }
}

/** `del target`. @throws PythonFault */
export async function deleteTarget(runtime: Runtime, target: Expression, scope: Scope): Promise<void> {
  if (target.kind === 'name') {
    if (!scope.names.delete(target.name)) raise('NameError', `name '${target.name}' is not defined`);
  } else if (target.kind === 'index' && target.at.kind !== 'slice')
    removeItem(await runtime.evaluate(target.of, scope), await runtime.evaluate(target.at, scope));
  else if (target.kind === 'attribute') {
    const of = await runtime.evaluate(target.of, scope);
    if (of instanceof PyInstance) of.members.delete(target.name);
  }
}
