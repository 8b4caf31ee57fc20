import type { BuiltInCall, BuiltIns } from './built-ins.ts';
import type { Node } from './nodes.ts';
import { refOf } from './refs.ts';
import { isReference, numberOf, PerlArray, PerlHash, type Scalar, textOf } from './values.ts';

/** Functions on arrays, hashes and references. */
export const listFunctions: BuiltIns = {
  push: async (call) => {
    const array = await arrayOf(call);
    const { args, runtime, scope } = call;
    for (const value of await runtime.list({ kind: 'list', items: args.slice(1) }, scope)) array.items.push(value);
    return array.items.length;
  },
  unshift: async (call) => {
    const array = await arrayOf(call);
    const { args, runtime, scope } = call;
    array.items = [...(await runtime.list({ kind: 'list', items: args.slice(1) }, scope)), ...array.items];
    return array.items.length;
  },
  pop: async (call) => (await arrayOf(call)).items.pop(),
  shift: async (call) => (await arrayOf(call)).items.shift(),
  splice: async (call) => {
    const array = await arrayOf(call);
    const [from, length, ...more] = await call.runtime.list({ kind: 'list', items: call.args.slice(1) }, call.scope);
    const count = length === undefined ? array.items.length : numberOf(length);
    const taken = array.items.splice(numberOf(from), Math.max(0, count), ...more);
    return call.isList ? taken : taken.at(-1);
  },
  reverse: async ({ values, isList }) => {
    const all = await values();
    return isList ? all.reverse() : [...all.map(textOf).join('')].reverse().join('');
  },
  scalar: async ({ value }) => await value(),
  keys: async (call) => {
    const hash = await hashOrArray(call);
    if (hash instanceof PerlHash) hash.at = 0;
    const keys = hash instanceof PerlHash ? [...hash.items.keys()] : hash.items.map((_, at) => at);
    return call.isList ? keys : keys.length;
  },
  values: async (call) => {
    const hash = await hashOrArray(call);
    const values = hash instanceof PerlHash ? [...hash.items.values()] : hash.items;
    return call.isList ? [...values] : [...values].length;
  },
  each: async (call) => {
    const hash = await hashOrArray(call);
    if (!(hash instanceof PerlHash)) return [];
    const pair = [...hash.items][hash.at++];
    if (pair) return call.isList ? pair : pair[0];
    hash.at = 0;
    return [];
  },
  exists: async ({ args: [node], places, scope, runtime }) => {
    if (node?.kind === 'member')
      return (await places.hashOf(node.of, scope)).items.has(textOf(await runtime.scalar(node.at, scope))) ? 1 : '';
    if (node?.kind === 'element') {
      const at = numberOf(await runtime.scalar(node.at, scope));
      return (await places.arrayOf(node.of, scope)).items.at(at) !== undefined ? 1 : '';
    }
    return node?.kind === 'code' || node?.kind === 'call' ? (runtime.subs.has(`main::${node.name}`) ? 1 : '') : '';
  },
  delete: async ({ args: [given], places, scope, runtime }) => {
    const node = given?.kind === 'my' ? given.target : given;
    if (node?.kind === 'member') {
      const { items } = await places.hashOf(node.of, scope);
      const key = textOf(await runtime.scalar(node.at, scope));
      const old = items.get(key);
      items.delete(key);
      return old;
    }
    if (node?.kind !== 'slice') return undefined;
    const { items } = await places.hashOf(node.of, scope);
    return (await runtime.list(node.at, scope)).map((key) => {
      const old = items.get(textOf(key));
      items.delete(textOf(key));
      return old;
    });
  },
  defined: async ({ args: [node], value, runtime }) => {
    if (node?.kind === 'code') return runtime.subs.has(`main::${node.name}`) ? 1 : '';
    if (node?.kind === 'array') return numberOf(await value()) > 0 ? 1 : '';
    return (await value()) !== undefined ? 1 : '';
  },
  undef: async ({ args: [node], places, scope }) => {
    if (node === undefined) return undefined;
    if (isOf(node, 'array', '@')) (await places.arrayOf(node, scope)).items = [];
    else if (isOf(node, 'hash', '%')) (await places.hashOf(node, scope)).items.clear();
    else (await places.placeOf(node, scope)).set(undefined);
    return undefined;
  },
  ref: async ({ value }) => refOf(await value()),
  bless: async ({ values, runtime }) => {
    const [object, type] = await values();
    if (isReference(object) && !('source' in object))
      object.blessed = type === undefined ? runtime.package : textOf(type);
    return object;
  },
  wantarray: ({ runtime }) => (runtime.isListWanted() ? 1 : ''),
  caller: ({ runtime, isList }) => (isList ? ['main', runtime.file, runtime.line, 'main::__ANON__'] : 'main'),
};

function isOf(node: Node, kind: 'array' | 'hash', sigil: '@' | '%'): boolean {
  return node.kind === kind || (node.kind === 'deref' && node.sigil === sigil);
}

/** The array that a call names first; without one that of its arguments. */
async function arrayOf({ args: [node], places, scope }: BuiltInCall): Promise<PerlArray> {
  if (node) return await places.arrayOf(node.kind === 'my' ? node.target : node, scope);
  const own: Node = { kind: 'array', name: isInSub(scope) ? '_' : 'ARGV' };
  return await places.arrayOf(own, scope);
}

function isInSub(scope: BuiltInCall['scope']): boolean {
  for (let at: BuiltInCall['scope'] | undefined = scope; at?.parent; at = at.parent)
    if (at.names.has('@_')) return true;
  return false;
}

async function hashOrArray({ args: [node], places, scope, runtime }: BuiltInCall): Promise<PerlHash | PerlArray> {
  if (node && isOf(node, 'hash', '%')) return await places.hashOf(node, scope);
  if (node && isOf(node, 'array', '@')) return await places.arrayOf(node, scope);
  const value: Scalar = node ? await runtime.scalar(node, scope) : undefined;
  return value instanceof PerlHash || value instanceof PerlArray ? value : new PerlHash();
}
