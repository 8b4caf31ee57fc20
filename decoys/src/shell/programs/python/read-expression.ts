import type { Argument, Clause, Expression, Parameter } from './nodes.ts';
import { textExpression } from './read-text.ts';
import { createTokenReader, type TokenReader } from './token-reader.ts';
import { SyntaxFault, type Token, tokensOf } from './tokens.ts';

const levels: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '//', '%', '@'],
];
const comparisons: ReadonlySet<string> = new Set(['<', '>', '<=', '>=', '==', '!=', 'in', 'is', 'not']);

/** Reads expressions, the loosest binding first. @throws SyntaxFault */
export function createExpressionReader(tokens: TokenReader) {
  const { is, take, takeName, next, now, expect, fail, nested } = tokens;
  return { expression, expressions, parameters, targets };

  /** One or several with commas between, which are a tuple. */
  function expressions(): Expression {
    const first = starred();
    if (!is(',')) return first;
    const items = [first];
    while (take(',') && startsExpression()) items.push(starred());
    return { kind: 'tuple', items };
  }

  /** What is assigned to in a `for`: `in` ends it. */
  function targets(): Expression {
    const first = take('*') ? star(binary(0)) : binary(0);
    if (!is(',')) return first;
    const items = [first];
    while (take(',') && startsExpression()) items.push(take('*') ? star(binary(0)) : binary(0));
    return { kind: 'tuple', items };
  }

  function star(of: Expression): Expression {
    return { kind: 'star', of };
  }

  function starred(): Expression {
    return take('*') ? star(binary(0)) : expression();
  }

  function startsExpression(): boolean {
    const { kind, text } = now();
    if (kind === 'name') return !['in', 'for', 'if', 'else', 'as', 'and', 'or', 'is', 'from', 'import'].includes(text);
    return (
      kind === 'number' ||
      kind === 'text' ||
      (kind === 'sign' && ['(', '[', '{', '-', '+', '~', '*', '...'].includes(text))
    );
  }

  function expression(): Expression {
    return nested(() => {
      if (is('lambda')) return lambda();
      if (take('yield')) {
        tokens.yields.push(true);
        const isFrom = take('from');
        return { kind: 'yield', value: startsExpression() ? expressions() : { kind: 'constant', value: null }, isFrom };
      }
      if (now().kind === 'name' && now(1).text === ':=' && now(1).kind === 'sign') {
        const name = takeName();
        next();
        return { kind: 'named', name, value: expression() };
      }
      const then = or();
      if (!take('if')) return then;
      const test = or();
      expect('else', "expected 'else' after 'if' expression");
      return { kind: 'if', test, then, otherwise: expression() };
    });
  }

  function lambda(): Expression {
    next();
    const list = parameters(':');
    expect(':');
    return { kind: 'lambda', parameters: list, body: expression() };
  }

  function or(): Expression {
    let left = and();
    while (take('or')) left = { kind: 'or', left, right: and() };
    return left;
  }

  function and(): Expression {
    let left = not();
    while (take('and')) left = { kind: 'and', left, right: not() };
    return left;
  }

  function not(): Expression {
    return take('not') ? nested(() => ({ kind: 'unary', sign: 'not', of: not() })) : compare();
  }

  function compare(): Expression {
    const first = binary(0);
    const rest: [string, Expression][] = [];
    while (comparisons.has(now().text) && now().kind !== 'text') {
      let sign = next().text;
      if (sign === 'not') {
        expect('in');
        sign = 'not in';
      } else if (sign === 'is' && take('not')) sign = 'is not';
      rest.push([sign, binary(0)]);
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest };
  }

  function binary(level: number): Expression {
    const signs = levels[level];
    if (!signs) return unary();
    let left = binary(level + 1);
    while (now().kind === 'sign' && signs.includes(now().text))
      left = { kind: 'binary', sign: next().text, left, right: binary(level + 1) };
    return left;
  }

  function unary(): Expression {
    if (now().kind === 'sign' && ['-', '+', '~'].includes(now().text)) {
      const sign = next().text;
      return nested(() => ({ kind: 'unary', sign, of: unary() }));
    }
    take('await');
    const base = trailers(atom());
    return take('**') ? { kind: 'binary', sign: '**', left: base, right: nested(unary) } : base;
  }

  function trailers(start: Expression): Expression {
    let of = start;
    for (;;) {
      if (take('.')) of = { kind: 'attribute', of, name: next().text };
      else if (take('(')) of = { kind: 'call', of, args: callArguments() };
      else if (take('[')) {
        of = { kind: 'index', of, at: subscript() };
        expect(']');
      } else return of;
    }
  }

  function callArguments(): Argument[] {
    const args: Argument[] = [];
    while (!take(')')) {
      if (take('**')) args.push({ value: expression(), star: 2 });
      else if (take('*')) args.push({ value: expression(), star: 1 });
      else if (now().kind === 'name' && now(1).kind === 'sign' && now(1).text === '=') {
        const name = takeName();
        next();
        args.push({ value: expression(), name, star: 0 });
      } else {
        const value = expression();
        args.push({ value: is('for') ? comprehension('generator', value) : value, star: 0 });
      }
      if (!is(')'))
        expect(',', now().kind === 'end' ? "'(' was never closed" : 'invalid syntax. Perhaps you forgot a comma?');
    }
    return args;
  }

  function subscript(): Expression {
    const first = sliceOrExpression();
    if (!is(',')) return first;
    const items = [first];
    while (take(',') && !is(']')) items.push(sliceOrExpression());
    return { kind: 'tuple', items };
  }

  function sliceOrExpression(): Expression {
    const parts: (Expression | undefined)[] = [is(':') ? undefined : expression()];
    if (!is(':')) return parts[0] ?? fail();
    while (parts.length < 3 && take(':')) parts.push(is(':') || is(']') || is(',') ? undefined : expression());
    return { kind: 'slice', parts };
  }

  function comprehension(form: 'list' | 'set' | 'dict' | 'generator', value: Expression, key?: Expression): Expression {
    const clauses: Clause[] = [];
    while (take('for')) {
      const target = targets();
      expect('in');
      const source = or();
      const tests: Expression[] = [];
      while (take('if')) tests.push(or());
      clauses.push({ target, source, tests });
    }
    return { kind: 'comprehension', form, value, clauses, ...(key ? { key } : {}) };
  }

  function atom(): Expression {
    const token = next();
    if (token.kind === 'number') return { kind: 'constant', value: numberOf(token.text) };
    if (token.kind === 'text') {
      const texts = [token];
      while (now().kind === 'text') texts.push(next());
      return textExpression(texts, (source, at) => inner(source, at));
    }
    if (token.kind === 'name') return named(token);
    if (token.text === '(') return nested(() => bracket(token));
    if (token.text === '[') return nested(() => list());
    if (token.text === '{') return nested(() => braces());
    if (token.text === '...') return { kind: 'constant', value: null };
    return fail('invalid syntax', token);
  }

  function named(token: Token): Expression {
    if (token.text === 'True') return { kind: 'constant', value: true };
    if (token.text === 'False') return { kind: 'constant', value: false };
    if (token.text === 'None') return { kind: 'constant', value: null };
    tokens.back();
    return { kind: 'name', name: takeName() };
  }

  function bracket(open: Token): Expression {
    if (take(')')) return { kind: 'tuple', items: [] };
    const value = starred();
    const whole = is('for') ? comprehension('generator', value) : is(',') ? rest(value) : value;
    if (now().kind === 'end' || now().kind === 'newline') fail("'(' was never closed", open);
    expect(')');
    return whole;
  }

  function rest(first: Expression): Expression {
    const items = [first];
    while (take(',') && !is(')')) items.push(starred());
    return { kind: 'tuple', items };
  }

  function list(): Expression {
    const items: Expression[] = [];
    while (!take(']')) {
      items.push(starred());
      if (is('for')) {
        const made = comprehension('list', items[0] ?? fail());
        expect(']');
        return made;
      }
      if (!is(']')) expect(',');
    }
    return { kind: 'list', items };
  }

  function braces(): Expression {
    const pairs: [Expression | null, Expression][] = [];
    const items: Expression[] = [];
    while (!take('}')) {
      if (take('**')) pairs.push([null, expression()]);
      else {
        const first = starred();
        if (take(':')) pairs.push([first, expression()]);
        else items.push(first);
      }
      if (is('for')) {
        const [key, value] = pairs[0] ?? [];
        const made = key && value ? comprehension('dict', value, key) : comprehension('set', items[0] ?? fail());
        expect('}');
        return made;
      }
      if (!is('}')) expect(',');
    }
    return items.length > 0 ? { kind: 'set', items } : { kind: 'dict', items: pairs };
  }

  function parameters(end: ')' | ':'): Parameter[] {
    const list: Parameter[] = [];
    while (!is(end)) {
      const star = take('**') ? 2 : take('*') ? 1 : 0;
      if (star === 1 && is(',')) {
        next();
        continue;
      }
      if (take('/')) {
        take(',');
        continue;
      }
      const name = takeName();
      if (end === ')' && take(':')) expression();
      const otherwise = take('=') ? expression() : undefined;
      list.push({ name, star, ...(otherwise ? { otherwise } : {}) });
      if (!is(end)) expect(',');
    }
    return list;
  }
}

function inner(source: string, at: Token): Expression {
  const tokens = createTokenReader(tokensOf(source));
  const value = createExpressionReader(tokens).expressions();
  if (tokens.now().kind !== 'newline') throw new SyntaxFault('f-string: invalid syntax', at);
  return value;
}

function numberOf(text: string): bigint | number {
  const bare = text.replaceAll('_', '');
  return /^0[xXbBoO]/.test(bare) || /^\d+$/.test(bare) ? BigInt(bare) : Number(bare);
}
