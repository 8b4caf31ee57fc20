export type TokenKind = 'name' | 'number' | 'text' | 'sign' | 'newline' | 'indent' | 'dedent' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Of a literal text what stands between its quotes, as it is written. */
  readonly text: string;
  /** The letters before the quotes: `f`, `rb`. */
  readonly prefix: string;
  readonly line: number;
  readonly column: number;
}

/** A text that is no Python; `line` and `column` count from 1. */
export class SyntaxFault extends Error {
  readonly type: 'SyntaxError' | 'IndentationError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, at: { line: number; column: number }, type: SyntaxFault['type'] = 'SyntaxError') {
    super(message);
    this.type = type;
    this.line = at.line;
    this.column = at.column;
  }
}

const tokensMax = 50_000;
const number = /(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][+-]?\d+)?)/y;
const name = /[\p{L}_][\p{L}\p{N}_]*/uy;
const quotes = /([a-zA-Z]{0,2})("""|'''|"|')/y;
const sign = /\*\*=|\/\/=|>>=|<<=|\.\.\.|->|:=|\*\*|\/\/|<<|>>|<=|>=|==|!=|[-+*/%&|^@]=|[-+*/%&|^~@<>()[\]{},:.;=]/y;

/** Cuts a program into its words; what is indented deeper is between `indent` and `dedent`. @throws SyntaxFault */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const depths = [0];
  let [at, line, lineStart, brackets] = [0, 1, 0, 0];
  let isFresh = true;
  while (at < text.length) {
    if (isFresh && brackets === 0 && !indentLine()) continue;
    const letter = text[at] ?? '';
    if (letter === '\n') {
      at++;
      if (brackets === 0) push('newline', '\n');
      nextLine();
      isFresh = brackets === 0;
    } else if (letter === '\\' && text[at + 1] === '\n') {
      at += 2;
      nextLine();
    } else if (/[ \t\r\f]/.test(letter)) at++;
    else if (letter === '#') while (at < text.length && text[at] !== '\n') at++;
    else readWord();
    if (tokens.length > tokensMax) throw new SyntaxFault('too many statements', here());
  }
  if (tokens.length > 0 && tokens.at(-1)?.kind !== 'newline') push('newline', '');
  for (; depths.length > 1; depths.pop()) push('dedent', '');
  push('end', '');
  return tokens;

  function here() {
    return { line, column: at - lineStart + 1 };
  }

  function push(kind: TokenKind, content: string, prefix = '', column = at - lineStart + 1): void {
    tokens.push({ kind, text: content, prefix, line, column });
  }

  function nextLine(): void {
    line++;
    lineStart = at;
  }

  /** @returns false where the line holds nothing */
  function indentLine(): boolean {
    const blank = /[ \t]*/y;
    blank.lastIndex = at;
    const [indent = ''] = blank.exec(text) ?? [];
    at += indent.length;
    const next = text[at];
    if (next === '\n' || next === '#' || next === '\r' || next === undefined) {
      while (at < text.length && text[at] !== '\n') at++;
      at++;
      nextLine();
      return false;
    }
    isFresh = false;
    const depth = indent.replace(/\t/g, '        ').length;
    if (depth > (depths.at(-1) ?? 0)) {
      depths.push(depth);
      push('indent', indent);
    }
    while (depth < (depths.at(-1) ?? 0)) {
      depths.pop();
      push('dedent', '');
    }
    if (depth !== depths.at(-1))
      throw new SyntaxFault('unindent does not match any outer indentation level', here(), 'IndentationError');
    return true;
  }

  function readWord(): void {
    const column = at - lineStart + 1;
    const quoted = match(quotes);
    if (quoted) {
      readText(quoted[1] ?? '', quoted[2] ?? '"', column);
      return;
    }
    const found = /\d|\.\d/.test(text.slice(at, at + 2)) && /[\d.]/.test(text[at] ?? '') ? match(number) : null;
    const word = found ? null : match(name);
    const plain = found ?? word;
    if (plain) {
      take(found ? 'number' : 'name', plain[0], column);
      return;
    }
    const symbol = match(sign)?.[0];
    if (symbol === undefined) throw new SyntaxFault(`invalid character '${text[at]}'`, here());
    if ('([{'.includes(symbol)) brackets++;
    else if (')]}'.includes(symbol)) brackets = Math.max(0, brackets - 1);
    take('sign', symbol, column);
  }

  function take(kind: TokenKind, content: string, column: number): void {
    at += content.length;
    push(kind, content, '', column);
  }

  function match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(text);
  }

  function readText(prefix: string, quote: string, column: number): void {
    const [startLine, opened] = [here(), at];
    at += prefix.length + quote.length;
    const start = at;
    while (!text.startsWith(quote, at)) {
      if (at >= text.length || (quote.length === 1 && text[at] === '\n')) {
        const what = quote.length === 3 ? 'unterminated triple-quoted string literal' : 'unterminated string literal';
        throw new SyntaxFault(`${what} (detected at line ${line})`, startLine);
      }
      at += text[at] === '\\' ? 2 : 1;
    }
    const content = text.slice(start, at);
    at += quote.length;
    tokens.push({ kind: 'text', text: content, prefix: prefix.toLowerCase(), line: startLine.line, column });
    for (let seen = text.indexOf('\n', opened); seen >= 0 && seen < at; seen = text.indexOf('\n', seen + 1)) {
      line++;
      lineStart = seen + 1;
    }
  }
}
