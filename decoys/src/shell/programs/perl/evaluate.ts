import { createBuiltIns } from './built-ins.ts';
import type { Calls } from './calls.ts';
import { each } from './each.ts';
import { PerlLeave } from './faults.ts';
import { commandLines, fileTest, print, readLines } from './input-output.ts';
import type { Node } from './nodes.ts';
import { increased, operate, range } from './operators.ts';
import { match, regexOf, substitute, transliterate } from './patterns.ts';
import type { Places } from './places.ts';
import { die, type Runtime } from './runtime.ts';
import { cellOf, createScope, leaveScope, type Scope } from './scope.ts';
import { Cell, isTrue, numberOf, PerlArray, PerlCode, PerlHash, type Scalar, textOf } from './values.ts';

/** Gives nodes their values: one, or a list where one is asked for. */
export function createEvaluator(runtime: Runtime, places: Places, calls: Calls) {
  const builtIn = createBuiltIns(runtime, places);
  return { scalar, list };

  async function scalar(node: Node, scope: Scope): Promise<Scalar> {
    runtime.step();
    switch (node.kind) {
      case 'text':
      case 'number':
        return node.value;
      case 'joined':
        return await joined(node.parts, scope);
      case 'scalar':
        return readScalar(node.name, scope);
      case 'array':
      case 'hash':
        return await countOf(node, scope);
      case 'element':
      case 'member':
        return (await places.placeOf(node, scope)).get();
      case 'deref':
        return node.sigil === '$' ? (await places.placeOf(node, scope)).get() : await countOf(node, scope);
      case 'last-index':
        return (await places.arrayOf(node.of, scope)).items.length - 1;
      case 'my':
        return (await places.placeOf(node, scope)).get();
      case 'new-array':
        return new PerlArray(await listOfAll(node.items, scope));
      case 'new-hash':
        return hashOf(await listOfAll(node.items, scope));
      case 'unary':
        return await unary(node, scope);
      case 'postfix': {
        const place = await places.placeOf(node.of, scope);
        const old = place.get();
        place.set(node.operator === '++' ? increased(old) : numberOf(old) - 1);
        return old ?? 0;
      }
      case 'binary':
        return await binary(node, scope);
      case 'assign':
        return await assign(node, scope);
      case 'choice':
        return await scalar(isTrue(await scalar(node.test, scope)) ? node.yes : node.no, scope);
      case 'print':
        return await print(runtime, node, scope);
      case 'substitute':
        return await substitute(runtime, node, scope);
      case 'transliterate':
        return await transliterate(runtime, node, scope);
      case 'regex':
        return await regexOf(runtime, node, scope);
      case 'file-test':
        return fileTest(runtime, node.test, await scalar(node.of, scope));
      case 'code':
        return calls.codeNamed(node.name) ?? die(runtime, `Undefined subroutine &main::${node.name} called`);
      case 'glob':
        return node.name;
      case 'sub':
        return calls.makeSub(node.name ?? '__ANON__', node.body, scope);
      case 'match':
        return (await match(runtime, node, scope, false))[0];
      case 'read-line':
        return (await readLines(runtime, node, scope, false))[0];
      case 'command':
        return (await commandLines(runtime, textOf(await scalar(node.text, scope)))).join('');
      case 'leave':
        return await leave(node, scope);
      case 'list': {
        // The last of them counts, as with C's comma.
        const { items } = node;
        for (const item of items.slice(0, -1)) await scalar(item, scope);
        const last = items.at(-1);
        return last && (await scalar(last, scope));
      }
      case 'slice':
      case 'list-slice':
        return (await list(node, scope)).at(-1);
      default:
        return await called(node, scope);
    }
  }

  async function called(node: Node, scope: Scope): Promise<Scalar> {
    const values = await results(node, scope, false);
    if (node.kind === 'each' && node.name !== 'sort') return values.length;
    return values.at(-1);
  }

  /** What a call gives, in either context. */
  async function results(node: Node, scope: Scope, isList: boolean): Promise<Scalar[]> {
    switch (node.kind) {
      case 'built-in':
        return await builtIn(node, scope, isList);
      case 'call':
        return await calls.call(node, scope, isList);
      case 'call-code':
        return await calls.callCode(node, scope, isList);
      case 'method':
        return await calls.callMethod(node, scope, isList);
      case 'each':
        return await each(runtime, node, scope);
      case 'do': {
        const inner = createScope(scope);
        try {
          return await runtime.execute(node.body, inner, isList);
        } finally {
          leaveScope(inner);
        }
      }
      case 'eval-block':
        return await calls.guarded(() => runtime.execute(node.body, createScope(scope), isList));
    }
    return die(runtime, 'syntax error');
  }

  async function list(node: Node, scope: Scope): Promise<Scalar[]> {
    switch (node.kind) {
      case 'list':
        return await listOfAll(node.items, scope);
      case 'array':
        return (await places.arrayOf(node, scope)).items;
      case 'hash':
        return pairs(await places.hashOf(node, scope));
      case 'deref':
        if (node.sigil === '@') return (await places.arrayOf(node, scope)).items;
        if (node.sigil === '%') return pairs(await places.hashOf(node, scope));
        break;
      case 'slice':
        return await slice(node, scope);
      case 'list-slice': {
        const items = await list(node.of, scope);
        return (await list(node.at, scope)).map((at) => items.at(numberOf(at)));
      }
      case 'my':
        if (node.target.kind === 'scalar') break;
        await places.declareAll(node, scope);
        return await list(node.target, scope);
      case 'choice':
        return await list(isTrue(await scalar(node.test, scope)) ? node.yes : node.no, scope);
      case 'assign':
        if (!isListTarget(node.to)) break;
        await assign(node, scope);
        return await list(node.to.kind === 'my' ? node.to.target : node.to, scope);
      case 'binary':
        return await binaryList(node, scope);
      case 'match':
        return await match(runtime, node, scope, true);
      case 'read-line':
        return await readLines(runtime, node, scope, true);
      case 'command':
        return await commandLines(runtime, textOf(await scalar(node.text, scope)));
      case 'unary':
        if (node.operator === '\\' && node.of.kind === 'list')
          return await Promise.all(node.of.items.map((item) => referenceTo(item, scope)));
        break;
      case 'built-in':
      case 'call':
      case 'call-code':
      case 'method':
      case 'each':
      case 'do':
      case 'eval-block':
        runtime.step();
        return await results(node, scope, true);
    }
    return [await scalar(node, scope)];
  }

  async function listOfAll(nodes: readonly Node[], scope: Scope): Promise<Scalar[]> {
    const all: Scalar[] = [];
    for (const node of nodes) for (const value of await list(node, scope)) all.push(value);
    return all;
  }

  async function joined(parts: readonly Node[], scope: Scope): Promise<string> {
    let text = '';
    for (const part of parts) text += textOf(await scalar(part, scope));
    return text;
  }

  function readScalar(name: string, scope: Scope): Scalar {
    const { found } = runtime;
    if (/^[1-9]\d*$/.test(name)) return found?.[Number(name)];
    if (name === '&') return found?.[0];
    if (name === '`') return found?.input?.slice(0, found.index);
    return cellOf(scope, name).value;
  }

  async function countOf(node: Node, scope: Scope): Promise<number> {
    const isHash = node.kind === 'hash' || (node.kind === 'deref' && node.sigil === '%');
    return isHash ? (await places.hashOf(node, scope)).items.size : (await places.arrayOf(node, scope)).items.length;
  }

  async function slice({ of, at }: Node & { kind: 'slice' }, scope: Scope): Promise<Scalar[]> {
    const isHash = of.kind === 'hash' || (of.kind === 'deref' && of.sigil === '%');
    const wanted = await list(at, scope);
    if (isHash) {
      const { items } = await places.hashOf(of, scope);
      return wanted.map((key) => items.get(textOf(key)));
    }
    const { items } = await places.arrayOf(of, scope);
    return wanted.map((index) => items.at(Math.trunc(numberOf(index))));
  }

  async function unary({ operator, of }: Node & { kind: 'unary' | 'postfix' }, scope: Scope): Promise<Scalar> {
    if (operator === '\\') return await referenceTo(of, scope);
    if (operator === '++' || operator === '--') {
      const place = await places.placeOf(of, scope);
      const value = operator === '++' ? increased(place.get()) : numberOf(place.get()) - 1;
      place.set(value);
      return value;
    }
    const value = await scalar(of, scope);
    if (operator === '!') return isTrue(value) ? '' : 1;
    if (operator === '~') return Number(BigInt.asUintN(64, ~BigInt(Math.trunc(numberOf(value)))));
    return typeof value === 'string' && /^[A-Za-z_]/.test(value) ? `-${value}` : -numberOf(value);
  }

  async function referenceTo(node: Node, scope: Scope): Promise<Scalar> {
    if (node.kind === 'my') {
      await places.declareAll(node, scope);
      return await referenceTo(node.target, scope);
    }
    if (node.kind === 'array' || (node.kind === 'deref' && node.sigil === '@'))
      return await places.arrayOf(node, scope);
    if (node.kind === 'hash' || (node.kind === 'deref' && node.sigil === '%')) return await places.hashOf(node, scope);
    if (node.kind === 'scalar') return cellOf(scope, node.name);
    const value = await scalar(node, scope);
    return node.kind === 'code' && value instanceof PerlCode ? value : new Cell(value);
  }

  async function binary(node: Node & { kind: 'binary' }, scope: Scope): Promise<Scalar> {
    const { operator } = node;
    const left = await scalar(node.left, scope);
    if (operator === '&&') return isTrue(left) ? await scalar(node.right, scope) : left;
    if (operator === '||') return isTrue(left) ? left : await scalar(node.right, scope);
    if (operator === '//') return left !== undefined ? left : await scalar(node.right, scope);
    if (operator === '..') return die(runtime, 'Range (..) is not known here');
    return operate(operator, left, await scalar(node.right, scope), runtime);
  }

  async function binaryList(node: Node & { kind: 'binary' }, scope: Scope): Promise<Scalar[]> {
    const { operator, left, right } = node;
    if (operator === '..') return range(await scalar(left, scope), await scalar(right, scope));
    if (operator === 'x' && left.kind === 'list') {
      const items = await list(left, scope);
      const times = Math.max(0, Math.min(100_000 / Math.max(1, items.length), numberOf(await scalar(right, scope))));
      return Array.from({ length: Math.trunc(times) }, () => items).flat();
    }
    if (operator !== '||' && operator !== '&&' && operator !== '//') return [await binary(node, scope)];
    const first = await scalar(left, scope);
    const isOver = operator === '//' ? first !== undefined : isTrue(first) === (operator === '||');
    return isOver ? [first] : await list(right, scope);
  }

  async function assign({ operator, to, value }: Node & { kind: 'assign' }, scope: Scope): Promise<Scalar> {
    if (operator === '' && isListTarget(to)) return await assignList(to, await list(value, scope), scope);
    if (operator === '' && to.kind === 'glob') {
      const given = await scalar(value, scope);
      if (given instanceof PerlCode) runtime.subs.set(`main::${to.name.replace(/^main::/, '')}`, given);
      return given;
    }
    if (operator === 'x' && isListTarget(to)) return undefined;
    if (to.kind === 'built-in' && to.name === 'substr') return await assignPart(to, await scalar(value, scope), scope);
    if (to.kind === 'last-index') {
      const length = numberOf(await scalar(value, scope)) + 1;
      const array = await places.arrayOf(to.of, scope);
      array.items = array.items.slice(0, Math.max(0, length));
      return length - 1;
    }
    // What `my` names is not known yet to what it is given.
    const given = operator === '' ? await scalar(value, scope) : undefined;
    const place = await places.placeOf(to, scope);
    if (operator === '') {
      place.set(given);
      return given;
    }
    const old = place.get();
    if (operator === '||' && isTrue(old)) return old;
    if (operator === '&&' && !isTrue(old)) return old;
    if (operator === '//' && old !== undefined) return old;
    const right = await scalar(value, scope);
    const made =
      operator === '||' || operator === '&&' || operator === '//' ? right : operate(operator, old, right, runtime);
    place.set(made);
    return made;
  }

  /** @returns how many values there were, as a list that is assigned counts in place of one */
  async function assignList(to: Node, given: readonly Scalar[], scope: Scope): Promise<number> {
    const values = [...given];
    const count = values.length;
    if (to.kind === 'my') await places.declareAll(to, scope);
    const target = to.kind === 'my' ? to.target : to;
    for (const each of target.kind === 'list' ? target.items : [target]) {
      const bare = each.kind === 'my' ? each.target : each;
      if (each.kind === 'my') await places.declareAll(each, scope);
      if (bare.kind === 'array' || (bare.kind === 'deref' && bare.sigil === '@'))
        (await places.arrayOf(bare, scope)).items = values.splice(0);
      else if (bare.kind === 'hash' || (bare.kind === 'deref' && bare.sigil === '%'))
        fill(await places.hashOf(bare, scope), values.splice(0));
      else if (bare.kind === 'slice') await assignSlice(bare, values, scope);
      else if (bare.kind === 'built-in') values.shift();
      else (await places.placeOf(bare, scope)).set(values.shift());
    }
    return count;
  }

  async function assignSlice({ of, at }: Node & { kind: 'slice' }, values: Scalar[], scope: Scope): Promise<void> {
    const isHash = of.kind === 'hash' || (of.kind === 'deref' && of.sigil === '%');
    for (const key of await list(at, scope)) {
      const where: Node = { kind: isHash ? 'member' : 'element', of, at: { kind: 'text', value: textOf(key) } };
      (await places.placeOf(where, scope)).set(values.shift());
    }
  }

  /** `substr($text, 1, 2) = 'new'` */
  async function assignPart({ args }: Node & { kind: 'built-in' }, value: Scalar, scope: Scope): Promise<Scalar> {
    const [of, ...rest] = args;
    if (!of) return undefined;
    const [from = 0, length = Number.MAX_SAFE_INTEGER] = (await listOfAll(rest, scope)).map(numberOf);
    const place = await places.placeOf(of, scope);
    const text = textOf(place.get());
    const start = from < 0 ? Math.max(0, from + text.length) : from;
    const end = length < 0 ? text.length + length : start + length;
    place.set(text.slice(0, start) + textOf(value) + text.slice(end));
    return value;
  }

  async function leave({ how, what }: Node & { kind: 'leave' }, scope: Scope): Promise<never> {
    if (how !== 'return') throw new PerlLeave(how, typeof what === 'string' ? what : undefined);
    throw new PerlLeave('return', undefined, typeof what === 'object' ? await returned(what, scope) : []);
  }

  async function returned(what: Node, scope: Scope): Promise<Scalar[]> {
    return calls.isListWanted() ? [...(await list(what, scope))] : [await scalar(what, scope)];
  }
}

function isListTarget(node: Node): boolean {
  if (node.kind === 'my') return isListTarget(node.target);
  if (node.kind === 'deref') return node.sigil === '@' || node.sigil === '%';
  return node.kind === 'list' || node.kind === 'array' || node.kind === 'hash' || node.kind === 'slice';
}

export function pairs({ items }: PerlHash): Scalar[] {
  return [...items].flat();
}

export function hashOf(values: readonly Scalar[]): PerlHash {
  const hash = new PerlHash();
  fill(hash, values);
  return hash;
}

function fill({ items }: PerlHash, values: readonly Scalar[]): void {
  items.clear();
  for (let at = 0; at < values.length; at += 2) items.set(textOf(values[at]), values[at + 1]);
}
