import type { Node } from './nodes.ts';
import type { Reader } from './reader.ts';

/** What a variable's reader needs of the reader of expressions. */
export interface Expressions {
  readonly expression: () => Node;
  /** The words of a call between brackets, the opening one taken. */
  readonly argumentsTo: (end: string) => Node[];
  readonly block: () => Node;
}

export interface Surroundings {
  /** In a text: blanks end it, and no method is called. */
  readonly isText: boolean;
  /** In a pattern `[` begins a class unless what stands in it can only be an index. */
  readonly isPattern: boolean;
}

export const inCode: Surroundings = { isText: false, isPattern: false };

const name = /(?:\^\w|(?:::)?[A-Za-z_]\w*(?:(?:::|')(?=[A-Za-z_])\w+)*(?:::)?|\d+)/;
const textName = /(?:(?:::)?[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*|\d+)/;
const special = /[&!@/\\,;."|0?<>()[\]+:~$^-]/;

/** A variable with the subscripts behind it; undefined where the sign begins none. */
export function readVariable(reader: Reader, parts: Expressions, where: Surroundings): Node | undefined {
  const last = reader.takeHere(/\$#(?=[{$A-Za-z_])/);
  if (last !== undefined) return { kind: 'last-index', of: container(reader, parts, '@', where) };
  if (reader.takeHere(/\$/) !== undefined) return subscripted(reader, parts, where, readScalar(reader, parts, where));
  if (reader.seesHere(where.isText ? /@(?=[{$A-Za-z_:])/ : /@(?=[{$A-Za-z_:+-])/))
    return readArray(reader, parts, where);
  if (!where.isText && reader.takeHere(/%(?=[{$A-Za-z_:+^])/) !== undefined)
    return container(reader, parts, '%', where);
  return undefined;
}

/** What `$` stands before: its node is the variable, or the container where a subscript follows. */
function readScalar(reader: Reader, parts: Expressions, where: Surroundings): Node {
  if (reader.seesHere(/\$(?=[{$A-Za-z_:])/)) {
    reader.takeHere(/\$/);
    const of = plainScalar(reader, parts, where);
    const subscript = subscriptHere(reader, where);
    return { kind: 'deref', sigil: subscript === '[' ? '@' : subscript === '{' ? '%' : '$', of };
  }
  const braced = reader.takeHere(/\{\s*\^?(\w+)\s*\}/);
  const named = braced ?? (reader.seesHere(/\{/) ? undefined : takeName(reader, where));
  const subscript = named === undefined ? undefined : subscriptHere(reader, where);
  if (named !== undefined) {
    const kind = subscript === '[' ? 'array' : subscript === '{' ? 'hash' : 'scalar';
    return { kind, name: named };
  }
  const of = parts.block();
  const follows = subscriptHere(reader, where);
  return { kind: 'deref', sigil: follows === '[' ? '@' : follows === '{' ? '%' : '$', of };
}

/** `$x` of `@$x`, without subscripts of its own. */
function plainScalar(reader: Reader, parts: Expressions, where: Surroundings): Node {
  if (reader.takeHere(/\$(?=[{$A-Za-z_:])/) !== undefined)
    return { kind: 'deref', sigil: '$', of: plainScalar(reader, parts, where) };
  if (reader.seesHere(/\{/)) return parts.block();
  return { kind: 'scalar', name: takeName(reader, where) };
}

function takeName(reader: Reader, where: Surroundings): string {
  const found = reader.takeHere(where.isText ? textName : name);
  if (found !== undefined) return found.replace(/^(?:main)?::|'/g, (sign) => (sign === "'" ? '::' : ''));
  return reader.takeHere(special) ?? reader.fault();
}

function container(reader: Reader, parts: Expressions, sigil: '@' | '%', where: Surroundings): Node {
  if (reader.takeHere(/\$/) !== undefined) return { kind: 'deref', sigil, of: plainScalar(reader, parts, where) };
  if (reader.seesHere(/\{/)) return { kind: 'deref', sigil, of: parts.block() };
  return {
    kind: sigil === '@' ? 'array' : 'hash',
    name: reader.takeHere(name) ?? reader.takeHere(special) ?? reader.fault(),
  };
}

function readArray(reader: Reader, parts: Expressions, where: Surroundings): Node {
  reader.takeHere(/@/);
  const array = container(reader, parts, '@', where);
  const sign = subscriptHere(reader, where);
  if (sign === '[') {
    reader.takeHere(/\[/);
    return { kind: 'slice', of: array, at: listOf(parts.argumentsTo(']')) };
  }
  if (sign !== '{') return array;
  reader.takeHere(/\{/);
  const of: Node = array.kind === 'array' ? { kind: 'hash', name: array.name } : asHash(array);
  return { kind: 'slice', of, at: listOf(parts.argumentsTo('}')) };
}

function asHash(array: Node): Node {
  return array.kind === 'deref' ? { ...array, sigil: '%' } : array;
}

function listOf(items: readonly Node[]): Node {
  return { kind: 'list', items };
}

function subscriptHere(reader: Reader, { isText, isPattern }: Surroundings): '[' | '{' | undefined {
  if (reader.seesHere(isPattern ? /\[(?:-?\d+|\$\w+)\]/ : /\[/)) return '[';
  if (reader.seesHere(isPattern ? /\{(?!\d+,?\d*\})/ : /\{/)) return '{';
  if (!isText && reader.seesHere(/\s+\{(?=\s*["'$\w-]+\s*\})/)) {
    reader.skip();
    return '{';
  }
  return undefined;
}

/** `[…]`, `{…}`, `->[…]`, `->(…)`, `->method(…)` and so on, one behind the other. */
export function subscripted(reader: Reader, parts: Expressions, where: Surroundings, first: Node): Node {
  let node = first;
  for (let isFirst = true; ; isFirst = false) {
    const isContainer = node.kind === 'array' || node.kind === 'hash' || (node.kind === 'deref' && node.sigil !== '$');
    const isBehind = !isFirst && (node.kind === 'element' || node.kind === 'member' || node.kind === 'call-code');
    const arrow = where.isText ? reader.seesHere(/->[[{]/) : reader.sees(/->/);
    if (arrow && !(isContainer && isFirst)) {
      reader.take(/->/);
      const next = behindArrow(reader, parts, where, node);
      if (next === undefined) return node;
      node = next;
      continue;
    }
    const sign =
      isBehind || (isFirst && (isContainer || node.kind === 'element' || node.kind === 'member'))
        ? subscriptHere(reader, where)
        : undefined;
    if (sign === undefined) {
      if (!isBehind || where.isText || !reader.seesHere(/\(/)) return node;
      reader.takeHere(/\(/);
      node = { kind: 'call-code', code: node, args: parts.argumentsTo(')') };
      continue;
    }
    node = subscript(
      reader,
      parts,
      sign,
      isContainer ? node : { kind: 'deref', sigil: sign === '[' ? '@' : '%', of: node },
    );
  }
}

function subscript(reader: Reader, parts: Expressions, sign: '[' | '{', of: Node): Node {
  reader.expect(sign);
  if (sign === '[') {
    const at = parts.expression();
    reader.expect(']');
    return { kind: 'element', of, at };
  }
  const word = reader.take(/(-?[A-Za-z_]\w*)(?=\s*\})/);
  const at: Node = word === undefined ? parts.expression() : { kind: 'text', value: word };
  reader.expect('}');
  return { kind: 'member', of, at };
}

function behindArrow(reader: Reader, parts: Expressions, where: Surroundings, of: Node): Node | undefined {
  if (reader.sees(/\[/)) return subscript(reader, parts, '[', { kind: 'deref', sigil: '@', of });
  if (reader.sees(/\{/)) return subscript(reader, parts, '{', { kind: 'deref', sigil: '%', of });
  if (where.isText) return undefined;
  if (reader.take(/\(/) !== undefined) return { kind: 'call-code', code: of, args: parts.argumentsTo(')') };
  const whole = reader.take(/([@%$])\*/);
  if (whole !== undefined) return { kind: 'deref', sigil: whole === '@' ? '@' : whole === '%' ? '%' : '$', of };
  const named = reader.take(/[A-Za-z_]\w*(?:::\w+)*/);
  const method = named ?? (reader.take(/\$/) === undefined ? reader.fault() : plainScalar(reader, parts, where));
  const args = reader.takeHere(/\(/) === undefined ? [] : parts.argumentsTo(')');
  return { kind: 'method', of, name: method, args };
}
