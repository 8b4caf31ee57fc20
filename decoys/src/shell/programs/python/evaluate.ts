import { attributeOf } from './attributes.ts';
import { raise } from './faults.ts';
import { formatValue } from './format-spec.ts';
import { itemAt, slice } from './indexing.ts';
import type { Argument, Clause, Expression, TextPart } from './nodes.ts';
import { areEqual, bounded, combine, holds, itemsOf, keyOf, numberOf, order } from './operators.ts';
import type { Runtime } from './runtime.ts';
import { assign, createScope, lookUp, type Scope } from './scope.ts';
import { assignTo } from './targets.ts';
import {
  findMember,
  isTrue,
  PyDict,
  PyFunction,
  PyInstance,
  PyIterator,
  PyList,
  PyOpaque,
  PySet,
  PyTuple,
  typeName,
  type Value,
} from './values.ts';

const specials: Readonly<Record<string, string>> = {
  ...{
    '+': '__add__',
    '-': '__sub__',
    '*': '__mul__',
    '/': '__truediv__',
    '==': '__eq__',
    '<': '__lt__',
    '>': '__gt__',
  },
};

/** @throws PythonFault, TooMuch */
export function createEvaluator(runtime: Runtime) {
  return evaluate;

  async function evaluate(node: Expression, scope: Scope): Promise<Value> {
    runtime.step();
    switch (node.kind) {
      case 'constant':
        return node.value;
      case 'name':
        return lookUp(scope, node.name) ?? raise('NameError', `name '${node.name}' is not defined`);
      case 'text':
        return await textOf(node.parts, scope);
      case 'list':
        return new PyList(await allOf(node.items, scope));
      case 'tuple':
        return new PyTuple(await allOf(node.items, scope));
      case 'set':
        return setOf(await allOf(node.items, scope));
      case 'dict':
        return await dictOf(node.items, scope);
      case 'unary':
        return unary(node.sign, await evaluate(node.of, scope));
      case 'binary':
        return await binary(node.sign, await evaluate(node.left, scope), await evaluate(node.right, scope));
      case 'compare':
        return await compare(node, scope);
      case 'and': {
        const left = await evaluate(node.left, scope);
        return isTrue(left) ? await evaluate(node.right, scope) : left;
      }
      case 'or': {
        const left = await evaluate(node.left, scope);
        return isTrue(left) ? left : await evaluate(node.right, scope);
      }
      case 'if':
        return await evaluate(isTrue(await evaluate(node.test, scope)) ? node.then : node.otherwise, scope);
      case 'lambda':
        return await lambda(node, scope);
      case 'call':
        return await callOf(node, scope);
      case 'attribute':
        return attributeOf(runtime, await evaluate(node.of, scope), node.name);
      case 'index':
        return await indexOf(node, scope);
      case 'comprehension':
        return await comprehension(node, scope);
      case 'named': {
        const value = await evaluate(node.value, scope);
        assign(scope, node.name, value);
        return value;
      }
      case 'yield':
        return await give(node, scope);
      case 'slice':
      case 'star':
        return raise('SyntaxError', "can't use starred expression here");
    }
  }

  async function allOf(nodes: readonly Expression[], scope: Scope): Promise<Value[]> {
    const values: Value[] = [];
    for (const node of nodes) {
      if (node.kind === 'star') values.push(...itemsOf(await evaluate(node.of, scope)));
      else values.push(await evaluate(node, scope));
    }
    return values;
  }

  async function dictOf(items: readonly (readonly [Expression | null, Expression])[], scope: Scope): Promise<PyDict> {
    const dict = new PyDict();
    for (const [keyNode, valueNode] of items) {
      const key = keyNode === null ? undefined : await evaluate(keyNode, scope);
      const value = await evaluate(valueNode, scope);
      if (key !== undefined) dict.entries.set(keyOf(key), [key, value]);
      else if (value instanceof PyDict) for (const [name, entry] of value.entries) dict.entries.set(name, entry);
    }
    return dict;
  }

  async function textOf(parts: readonly TextPart[], scope: Scope): Promise<string> {
    let text = '';
    for (const part of parts) {
      if (typeof part === 'string') text += part;
      else {
        const value = await evaluate(part.value, scope);
        const form = await textOf(part.form, scope);
        const shown =
          part.shown === 'r'
            ? await runtime.reprOf(value)
            : part.shown === 's' || value instanceof PyInstance
              ? await runtime.strOf(value)
              : value;
        text += formatValue(shown, form);
      }
    }
    return bounded(text);
  }

  function unary(sign: string, value: Value): Value {
    if (sign === 'not') return !isTrue(value);
    const number = numberOf(value);
    if (number === undefined) return raise('TypeError', `bad operand type for unary ${sign}: '${typeName(value)}'`);
    if (sign === '-') return -number;
    return sign === '~' && typeof number === 'bigint' ? ~number : number;
  }

  async function binary(sign: string, left: Value, right: Value): Promise<Value> {
    const method = left instanceof PyInstance ? findMember(left.type, specials[sign] ?? '') : undefined;
    if (method !== undefined) return await runtime.invoke(method, [left, right]);
    if (left instanceof PyInstance && typeof left.members.get('\0path') === 'string' && sign === '/')
      return await runtime.invoke(attributeOf(runtime, left, 'joinpath'), [right]);
    return combine(sign, left, right);
  }

  async function compare(node: Extract<Expression, { kind: 'compare' }>, scope: Scope): Promise<Value> {
    let left = await evaluate(node.first, scope);
    for (const [sign, next] of node.rest) {
      const right = await evaluate(next, scope);
      if (!(await isSo(sign, left, right))) return false;
      left = right;
    }
    return true;
  }

  async function isSo(sign: string, left: Value, right: Value): Promise<boolean> {
    const method = left instanceof PyInstance ? findMember(left.type, specials[sign] ?? '') : undefined;
    if (method !== undefined) return isTrue(await runtime.invoke(method, [left, right]));
    switch (sign) {
      case '==':
        return areEqual(left, right);
      case '!=':
        return !areEqual(left, right);
      case 'in':
        return holds(right, left);
      case 'not in':
        return !holds(right, left);
      case 'is':
        return left === right;
      case 'is not':
        return left !== right;
      default: {
        const before = order(sign, left, right);
        return sign === '<' ? before < 0 : sign === '>' ? before > 0 : sign === '<=' ? before <= 0 : before >= 0;
      }
    }
  }

  async function lambda({ parameters, body }: Extract<Expression, { kind: 'lambda' }>, scope: Scope): Promise<Value> {
    const defaults = new Map<string, Value>();
    for (const { name, otherwise } of parameters) if (otherwise) defaults.set(name, await evaluate(otherwise, scope));
    return new PyFunction({ name: '<lambda>', parameters, defaults, body, scope });
  }

  async function callOf({ of, args }: Extract<Expression, { kind: 'call' }>, scope: Scope): Promise<Value> {
    const callee = await evaluate(of, scope);
    const given = await argumentsOf(args, scope);
    return await runtime.invoke(callee, given.args, given.named);
  }

  async function argumentsOf(nodes: readonly Argument[], scope: Scope) {
    const args: Value[] = [];
    const named = new Map<string, Value>();
    for (const { value: node, name, star } of nodes) {
      const value = await evaluate(node, scope);
      if (name !== undefined) named.set(name, value);
      else if (star === 1) args.push(...itemsOf(value));
      else if (star === 2 && value instanceof PyDict)
        for (const [key, held] of value.entries.values()) named.set(String(key), held);
      else args.push(value);
    }
    return { args, named };
  }

  async function indexOf({ of, at }: Extract<Expression, { kind: 'index' }>, scope: Scope): Promise<Value> {
    const value = await evaluate(of, scope);
    if (at.kind === 'slice') {
      const parts: Value[] = [];
      for (const index of [0, 1, 2]) {
        const part = at.parts[index];
        parts.push(part ? await evaluate(part, scope) : null);
      }
      return slice(value, parts);
    }
    const key = await evaluate(at, scope);
    const method = value instanceof PyInstance ? findMember(value.type, '__getitem__') : undefined;
    if (method !== undefined) return await runtime.invoke(method, [value, key]);
    if (value instanceof PyDict && value.missing !== undefined && !value.entries.has(keyOf(key))) {
      const made = await runtime.invoke(value.missing, []);
      value.entries.set(keyOf(key), [key, made]);
      return made;
    }
    return value instanceof PyOpaque ? value : itemAt(value, key);
  }

  async function comprehension(node: Extract<Expression, { kind: 'comprehension' }>, outer: Scope): Promise<Value> {
    const scope = createScope(outer);
    const values: Value[] = [];
    const dict = new PyDict();
    await through(node.clauses, scope, async () => {
      const value = await evaluate(node.value, scope);
      if (node.key) {
        const key = await evaluate(node.key, scope);
        dict.entries.set(keyOf(key), [key, value]);
      } else values.push(value);
    });
    if (node.form === 'dict') return dict;
    if (node.form === 'set') return setOf(values);
    return node.form === 'list' ? new PyList(values) : new PyIterator(values);
  }

  async function through([clause, ...rest]: readonly Clause[], scope: Scope, take: () => Promise<void>): Promise<void> {
    if (!clause) return await take();
    for (const item of itemsOf(await evaluate(clause.source, scope))) {
      runtime.step();
      await assignTo(runtime, clause.target, item, scope);
      let fits = true;
      for (const test of clause.tests) fits &&= isTrue(await evaluate(test, scope));
      if (fits) await through(rest, scope, take);
    }
  }

  async function give({ value: node, isFrom }: Extract<Expression, { kind: 'yield' }>, scope: Scope): Promise<Value> {
    const value = await evaluate(node, scope);
    scope.given?.push(...(isFrom ? itemsOf(value) : [value]));
    return null;
  }
}

function setOf(values: readonly Value[]): PySet {
  const set = new PySet();
  for (const value of values) if (!set.entries.has(keyOf(value))) set.entries.set(keyOf(value), value);
  return set;
}
