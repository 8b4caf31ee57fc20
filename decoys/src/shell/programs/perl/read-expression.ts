import type { Node } from './nodes.ts';
import { bind, type Parser } from './parser.ts';
import type { Reader } from './reader.ts';

const operators: readonly (readonly [RegExp, number])[] = [
  [/(?:\*\*|\|\||&&|\/\/|<<|>>|[-+*/%x.|&^])=(?![=~])/, bind.assign],
  [/=(?![=~>])/, bind.assign],
  [/\*\*/, bind.power],
  [/=~|!~/, bind.bound],
  [/<=>|==|!=|(?:eq|ne|cmp)\b(?!\s*=>)/, bind.equal],
  [/<<|>>/, bind.shift],
  [/<=|>=|<|>|(?:lt|gt|le|ge)\b(?!\s*=>)/, bind.relation],
  [/\|\||\/\//, bind.either],
  [/&&/, bind.both],
  [/\.\.\.?/, bind.range],
  [/\?/, bind.choice],
  [/\*|\/|%|x(?=\s*[\d$("'@])(?!\s*=>)|x\b(?!\s*=>)/, bind.product],
  [/\+(?!\+)|-(?!-)|\./, bind.sum],
  [/\||\^/, bind.bitOr],
  [/&/, bind.bitAnd],
  [/and\b/, bind.and],
  [/(?:or|xor)\b/, bind.or],
];

/** An expression whose operators bind at least so firmly. */
export function readExpression(parser: Parser, least: number): Node {
  const { reader } = parser;
  let left = readPrefix(parser);
  for (;;) {
    const { sign, firmness } = seenOperator(reader, least);
    if (sign === undefined) {
      if (least > bind.comma || !reader.sees(/,|=>/)) return left;
      left = { kind: 'list', items: [left, ...parser.openArguments()] };
      continue;
    }
    left = joined(parser, left, sign, firmness);
  }
}

function joined(parser: Parser, left: Node, sign: string, firmness: number): Node {
  if (firmness === bind.assign)
    return { kind: 'assign', operator: sign.slice(0, -1), to: left, value: readExpression(parser, bind.assign) };
  if (sign === '?') {
    const yes = readExpression(parser, bind.assign);
    parser.reader.expect(':');
    return { kind: 'choice', test: left, yes, no: readExpression(parser, bind.choice) };
  }
  const right = readExpression(parser, firmness === bind.power ? bind.unary : firmness + 1);
  if (firmness === bind.bound) return boundTo(left, right, sign === '!~');
  const operator = sign === 'and' ? '&&' : sign === 'or' ? '||' : sign === '...' ? '..' : sign;
  return { kind: 'binary', operator, left, right };
}

/** `$text =~ /pattern/`, or whatever else gives a pattern. */
function boundTo(left: Node, right: Node, isNot: boolean): Node {
  const bound: Node =
    right.kind === 'match' || right.kind === 'substitute' || right.kind === 'transliterate'
      ? { ...right, on: left }
      : { kind: 'match', on: left, pattern: right, flags: '' };
  return isNot ? { kind: 'unary', operator: '!', of: bound } : bound;
}

function seenOperator(reader: Reader, least: number): { sign: string | undefined; firmness: number } {
  for (const [pattern, firmness] of operators) {
    if (!reader.sees(pattern)) continue;
    if (firmness < least) return { sign: undefined, firmness };
    return { sign: reader.take(pattern), firmness };
  }
  return { sign: undefined, firmness: 0 };
}

function readPrefix(parser: Parser): Node {
  const { reader } = parser;
  const steps = reader.take(/\+\+|--/);
  if (steps !== undefined) return { kind: 'unary', operator: steps, of: readPrefix(parser) };
  if (reader.take(/not\b(?!\s*=>)/) !== undefined)
    return { kind: 'unary', operator: '!', of: readExpression(parser, bind.not) };
  const test = reader.take(/-([edfrwxszlpSbcugktTBAMCRWXOo])(?=\s+[$"'/\w_(]|[$"'])(?!\s*=>)(?!\s*\(\s*\))/);
  if (test !== undefined) return { kind: 'file-test', test, of: readExpression(parser, bind.named) };
  const sign = reader.take(/!(?!~)|~|\\|\+|-(?!-)/);
  if (sign !== undefined) {
    const word = sign === '-' ? reader.takeHere(/[A-Za-z_]\w*(?=\s*(?:=>|,|\}))/) : undefined;
    if (word !== undefined) return { kind: 'text', value: `-${word}` };
    const of = readExpression(parser, sign === '-' || sign === '+' ? bind.unary : bind.unary);
    return sign === '+' ? of : { kind: 'unary', operator: sign, of };
  }
  const term = parser.term();
  const after = reader.take(/\+\+|--/);
  return after === undefined ? term : { kind: 'postfix', operator: after, of: term };
}
