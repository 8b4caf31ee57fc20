import type { Expression, TextPart } from './nodes.ts';
import { SyntaxFault, type Token } from './tokens.ts';
import { PyBytes } from './values.ts';

const named: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', f: '\f', v: '\v', '\n': '' },
};

/** Texts that stand side by side are one. @throws SyntaxFault */
export function textExpression(
  tokens: readonly Token[],
  readExpression: (source: string, at: Token) => Expression,
): Expression {
  const [first] = tokens;
  if (first?.prefix.includes('b'))
    return {
      kind: 'constant',
      value: new PyBytes(Buffer.from(tokens.map((token) => plain(token)).join(''), 'latin1')),
    };
  if (!tokens.some(({ prefix }) => prefix.includes('f')))
    return { kind: 'constant', value: tokens.map((token) => plain(token)).join('') };
  return {
    kind: 'text',
    parts: tokens.flatMap((token) =>
      token.prefix.includes('f') ? partsOf(token.text, token, readExpression) : [plain(token)],
    ),
  };
}

function plain({ text, prefix }: Token): string {
  return prefix.includes('r') ? text : unescaped(text, prefix.includes('b'));
}

function unescaped(text: string, isBytes: boolean): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{1,3})|([\s\S]))/g,
    (whole, hex, wide, octal, letter) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (wide !== undefined) return isBytes ? whole : String.fromCharCode(Number.parseInt(wide, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return Object.hasOwn(named, letter) ? (named[letter] ?? whole) : whole;
    },
  );
}

/** `a{b!r:>{width}}c` in its parts. */
function partsOf(text: string, token: Token, readExpression: (source: string, at: Token) => Expression): TextPart[] {
  const parts: TextPart[] = [];
  let said = '';
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    if ((letter === '{' || letter === '}') && text[at + 1] === letter) {
      said += letter;
      at++;
    } else if (letter === '{') {
      const end = endOf(text, at + 1, token);
      const { source, shown, form } = fieldOf(text.slice(at + 1, end));
      if (said !== '') parts.push(plain({ ...token, text: said }));
      said = '';
      if (source.endsWith('=')) parts.push(source);
      parts.push({
        value: readExpression(source.replace(/=$/, ''), token),
        shown: source.endsWith('=') && shown === '' ? 'r' : shown,
        form: partsOf(form, token, readExpression),
      });
      at = end;
    } else if (letter === '}') throw new SyntaxFault("f-string: single '}' is not allowed", token);
    else said += letter;
  }
  if (said !== '') parts.push(plain({ ...token, text: said }));
  return parts;
}

function endOf(text: string, start: number, token: Token): number {
  let [depth, quote] = [0, ''];
  for (let at = start; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if ('([{'.includes(letter)) depth++;
    else if (letter === '}' && depth === 0) return at;
    else if (')]}'.includes(letter)) depth--;
  }
  throw new SyntaxFault("f-string: expecting '}'", token);
}

function fieldOf(field: string): { source: string; shown: '' | 'r' | 's'; form: string } {
  let [depth, quote, cut] = [0, '', field.length];
  for (let at = 0; at < field.length && cut === field.length; at++) {
    const letter = field[at] ?? '';
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if ('([{'.includes(letter)) depth++;
    else if (')]}'.includes(letter)) depth--;
    else if (depth === 0 && (letter === ':' || (letter === '!' && field[at + 1] !== '='))) cut = at;
  }
  const [, shown = '', form = ''] = /^(?:!([rs]))?(?::([\s\S]*))?$/.exec(field.slice(cut)) ?? [];
  return { source: field.slice(0, cut).trim(), shown: shown === 'r' || shown === 's' ? shown : '', form };
}
