import type { Node } from './nodes.ts';
import type { Parser } from './parser.ts';
import { partsOf } from './read-arguments.ts';
import { plainText, readText } from './read-quotes.ts';
import { inCode, readVariable, subscripted } from './read-variable.ts';
import { readWord } from './read-word.ts';

/** What an operator stands between: a value, a variable with its subscripts, a call, something in brackets. */
export function readTerm(parser: Parser): Node {
  const { reader } = parser;
  const parts = partsOf(parser);
  reader.skip();
  const variable = readVariable(reader, parts, inCode);
  if (variable !== undefined) return variable;
  const number = readNumber(parser);
  if (number !== undefined) return number;
  const quoted = readQuoted(parser);
  if (quoted !== undefined) return subscripted(reader, parts, inCode, quoted);
  if (reader.take(/\(/) !== undefined) return readBrackets(parser);
  if (reader.take(/\[/) !== undefined)
    return subscripted(reader, parts, inCode, { kind: 'new-array', items: parser.argumentsTo(']') });
  if (reader.take(/\{/) !== undefined)
    return subscripted(reader, parts, inCode, { kind: 'new-hash', items: parser.argumentsTo('}') });
  if (reader.take(/&(?=[$\w:{])/) !== undefined) return readAmpersand(parser);
  if (reader.take(/\*(?=[A-Z_a-z{])/) !== undefined)
    return { kind: 'glob', name: reader.take(/\{?"?([\w:]+)"?\}?/) ?? reader.fault() };
  if (reader.sees(/<[$\w:]*>|<[^<>=\s;]+>/)) return readAngles(parser);
  if (reader.sees(/<<~?["'A-Za-z_]/)) return readDocument(parser);
  return subscripted(reader, parts, inCode, readWord(parser));
}

function readNumber({ reader }: Parser): Node | undefined {
  const prefixed = reader.take(/0[xX][0-9a-fA-F_]+|0[bB][01_]+/);
  if (prefixed !== undefined) return { kind: 'number', value: Number(prefixed.replaceAll('_', '').toLowerCase()) };
  const version = reader.take(/v\d+(?:\.\d+)*(?![\w=])/);
  if (version !== undefined)
    return { kind: 'text', value: String.fromCharCode(...version.slice(1).split('.').map(Number)) };
  const octal = reader.take(/0[0-7_]+(?![.\d])/);
  if (octal !== undefined) return { kind: 'number', value: Number.parseInt(octal.replaceAll('_', ''), 8) };
  const plain = reader.take(/(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?/);
  return plain === undefined ? undefined : { kind: 'number', value: Number(plain.replaceAll('_', '')) };
}

const flagsPattern = /[a-z]*/;

function readQuoted(parser: Parser): Node | undefined {
  const { reader } = parser;
  const { over } = parser;
  if (reader.sees(/"/)) return readText(reader.quoted().text, over);
  if (reader.sees(/'/)) return { kind: 'text', value: plainText(reader.quoted().text, "'") };
  if (reader.sees(/`/)) return { kind: 'command', text: readText(reader.quoted().text, over) };
  if (reader.sees(/\//)) {
    const { text } = reader.quoted();
    return {
      kind: 'match',
      on: undefined,
      pattern: readText(text, over, true),
      flags: reader.takeHere(flagsPattern) ?? '',
    };
  }
  const word = reader.take(/(qw|qq|qx|qr|q|m|s|tr|y)(?=\s*[^\s\w,;)=-]|\s+#|=(?![>=~\s]))(?!\s*=>)/);
  if (word === undefined) return undefined;
  reader.skip();
  const { text, sign } = reader.quoted();
  const isPlain = sign === "'";
  if (word === 'q') return { kind: 'text', value: plainText(text, sign) };
  if (word === 'qq') return readText(text, over);
  if (word === 'qx') return { kind: 'command', text: isPlain ? { kind: 'text', value: text } : readText(text, over) };
  if (word === 'qw') return { kind: 'list', items: wordsOf(text).map((value) => ({ kind: 'text', value })) };
  const pattern: Node = isPlain ? { kind: 'text', value: text } : readText(text, over, true);
  if (word === 'm' || word === 'qr') {
    const flags = reader.takeHere(flagsPattern) ?? '';
    return word === 'm' ? { kind: 'match', on: undefined, pattern, flags } : { kind: 'regex', pattern, flags };
  }
  const second = reader.secondOf(sign);
  const flags = reader.takeHere(flagsPattern) ?? '';
  if (word !== 's') return { kind: 'transliterate', on: undefined, from: text, to: second, flags };
  const by: Node = flags.includes('e')
    ? { kind: 'do', body: over.program(second) }
    : isPlain
      ? { kind: 'text', value: second }
      : readText(second, over);
  return { kind: 'substitute', on: undefined, pattern, by, flags };
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** `( … )`, a slice of it, or nothing at all. */
function readBrackets(parser: Parser): Node {
  const { reader } = parser;
  const items = parser.argumentsTo(')');
  if (reader.take(/\[/) !== undefined)
    return { kind: 'list-slice', of: { kind: 'list', items }, at: { kind: 'list', items: parser.argumentsTo(']') } };
  return subscripted(reader, partsOf(parser), inCode, { kind: 'list', items });
}

function readAmpersand(parser: Parser): Node {
  const { reader } = parser;
  const name = reader.takeHere(/[A-Za-z_:][\w:]*/);
  const code: Node =
    name !== undefined
      ? { kind: 'code', name }
      : reader.seesHere(/\{/)
        ? { kind: 'do', body: parser.block() }
        : (readVariable(reader, partsOf(parser), inCode) ?? reader.fault());
  const hasWords = reader.take(/\(/) !== undefined;
  const args: readonly Node[] = hasWords ? parser.argumentsTo(')') : [];
  if (name !== undefined) return hasWords ? { kind: 'call', name, args, isAmpersand: true } : code;
  return { kind: 'call-code', code, args: hasWords ? args : [{ kind: 'array', name: '_' }] };
}

/** A line of a file, or the names of files that a pattern fits. */
function readAngles(parser: Parser): Node {
  const { reader } = parser;
  reader.expect('<');
  const inner = reader.takeHere(/[^<>]*/) ?? '';
  reader.expect('>');
  if (/^\$\w+$/.test(inner)) return { kind: 'read-line', handle: { kind: 'scalar', name: inner.slice(1) } };
  if (/^[A-Za-z_][\w:]*$/.test(inner)) return { kind: 'read-line', handle: { kind: 'glob', name: inner } };
  if (inner === '') return { kind: 'read-line', handle: undefined };
  return { kind: 'built-in', name: 'glob', args: [readText(inner, parser.over)] };
}

function readDocument({ reader, over }: Parser): Node {
  const isIndented = reader.take(/<<(~?)/) === '~';
  const single = reader.takeHere(/'([^'\n]*)'/);
  const end = single ?? reader.takeHere(/"([^"\n]*)"/) ?? reader.takeHere(/\w+/) ?? reader.fault();
  const text = reader.document(end, isIndented);
  return single === undefined ? readText(text, over) : { kind: 'text', value: text };
}
