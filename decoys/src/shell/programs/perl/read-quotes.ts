import type { Node } from './nodes.ts';
import type { Over } from './parser.ts';
import { readVariable } from './read-variable.ts';
import { createReader } from './reader.ts';

const escapes: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', '0': '\0', e: '\x1b', a: '\x07', b: '\b', f: '\f' },
};
const cases: Readonly<Record<string, string>> = { U: 'uc', L: 'lc', Q: 'quotemeta', u: 'ucfirst', l: 'lcfirst' };

/** A text in double quotes. In a pattern escapes are left to the pattern. */
export function readText(text: string, { expressions }: Over, isPattern = false): Node {
  const reader = createReader(text);
  const parts = expressions(reader);
  const where = { isText: true, isPattern };
  const { nodes } = readParts();
  const [only, more] = nodes;
  if (only === undefined) return { kind: 'text', value: '' };
  return more === undefined && only.kind === 'text' ? only : { kind: 'joined', parts: nodes };

  /** Up to the end, or to `\E`. */
  function readParts(isOne = false): { nodes: Node[] } {
    const nodes: Node[] = [];
    const add = (value: string) => {
      const last = nodes.at(-1);
      if (last?.kind === 'text') nodes[nodes.length - 1] = { kind: 'text', value: last.value + value };
      else nodes.push({ kind: 'text', value });
    };
    while (!(isOne && nodes.length > 0)) {
      const plain = reader.takeHere(/[^\\$@]+/);
      if (plain !== undefined) {
        add(plain);
        continue;
      }
      const letter = reader.takeHere(/\\([ULQul])/);
      if (letter !== undefined) {
        const inner = readParts(letter === 'u' || letter === 'l');
        nodes.push({ kind: 'built-in', name: cases[letter] ?? 'lc', args: [{ kind: 'joined', parts: inner.nodes }] });
        continue;
      }
      if (reader.takeHere(/\\E/) !== undefined) break;
      const escaped = readEscape();
      if (escaped !== undefined) {
        add(escaped);
        continue;
      }
      const sign = isPattern
        ? reader.takeHere(/\$(?=[)|\s]|$)|@(?![{$\w])/)
        : reader.takeHere(/\$(?=\s|$)|@(?![{$A-Za-z_:])/);
      if (sign !== undefined) {
        add(sign);
        continue;
      }
      const variable = readVariable(reader, parts, where);
      if (variable === undefined) {
        const rest = reader.takeHere(/[\s\S]/);
        if (rest === undefined) break;
        add(rest);
      } else nodes.push(isList(variable) ? { kind: 'built-in', name: 'join-quoted', args: [variable] } : variable);
    }
    return { nodes };
  }

  function readEscape(): string | undefined {
    if (isPattern) return reader.takeHere(/\\[\s\S]/);
    const wide = reader.takeHere(/\\x\{([0-9a-fA-F]+)\}/) ?? reader.takeHere(/\\x([0-9a-fA-F]{1,2})/);
    if (wide !== undefined) return bytesOf(Number.parseInt(wide, 16));
    const octal = reader.takeHere(/\\([0-7]{2,3})/);
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    const letter = reader.takeHere(/\\([\s\S])/);
    if (letter === undefined) return undefined;
    return Object.hasOwn(escapes, letter) ? escapes[letter] : letter;
  }
}

/** A text in single quotes: only its sign and the backslash are escaped. */
export function plainText(text: string, sign: string): string {
  return text.replace(/\\([\s\S])/g, (whole, letter: string) => (letter === '\\' || letter === sign ? letter : whole));
}

/** Texts are bytes, one character each: beyond them a character is those of its UTF-8. */
function bytesOf(code: number): string {
  return code < 256
    ? String.fromCharCode(code)
    : Buffer.from(String.fromCodePoint(Math.min(code, 0x10ffff))).toString('latin1');
}

function isList(node: Node): boolean {
  return node.kind === 'array' || node.kind === 'slice' || (node.kind === 'deref' && node.sigil === '@');
}
