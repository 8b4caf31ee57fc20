import { SyntaxFault, type Token, type TokenKind } from './tokens.ts';

/** Expressions in expressions are read by calls in calls. */
const depthMax = 60;

/** The words of a program, one after the other, for what reads its grammar. */
export function createTokenReader(tokens: readonly Token[]) {
  const end = tokens.at(-1);
  if (!end) throw new Error('A program has at least its end.');
  const last: Token = end;
  let at = 0;
  let depth = 0;
  /** Whether the function that is read yields, innermost last. */
  const yields: boolean[] = [];

  return { now, next, is, isName, take, takeName, expect, expectKind, fail, nested, yields, back };

  function now(ahead = 0): Token {
    return tokens[at + ahead] ?? last;
  }

  function next(): Token {
    const token = now();
    at++;
    return token;
  }

  /** To read the word before anew. */
  function back(): void {
    at--;
  }

  function is(text: string): boolean {
    const token = now();
    return (token.kind === 'sign' || token.kind === 'name') && token.text === text;
  }

  function isName(): boolean {
    return now().kind === 'name' && !keywords.has(now().text);
  }

  function take(text: string): boolean {
    if (!is(text)) return false;
    at++;
    return true;
  }

  function takeName(): string {
    if (!isName()) fail();
    return next().text;
  }

  function expect(text: string, message?: string): void {
    if (!take(text)) fail(message);
  }

  function expectKind(kind: TokenKind): void {
    if (next().kind !== kind) fail();
  }

  function fail(message = 'invalid syntax', token = now()): never {
    throw new SyntaxFault(message, token);
  }

  function nested<T>(read: () => T): T {
    if (++depth > depthMax) fail('too many nested parentheses');
    try {
      return read();
    } finally {
      depth--;
    }
  }
}

export type TokenReader = ReturnType<typeof createTokenReader>;

export const keywords: ReadonlySet<string> = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);
