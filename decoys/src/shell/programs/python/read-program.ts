import type { Definition, Expression, Handler, Statement } from './nodes.ts';
import { createExpressionReader } from './read-expression.ts';
import { createTokenReader } from './token-reader.ts';
import { SyntaxFault, tokensOf } from './tokens.ts';

const changes = /^(?:\*\*|\/\/|>>|<<|[-+*/%&|^@])=$/;

/** The statements of a program. @throws SyntaxFault */
export function readProgram(text: string): Statement[] {
  const tokens = createTokenReader(tokensOf(text));
  const { is, take, takeName, next, now, expect, expectKind, fail, nested } = tokens;
  const { expression, expressions, parameters, targets } = createExpressionReader(tokens);
  const statements: Statement[] = [];
  while (now().kind !== 'end') {
    if (now().kind === 'indent') throw new SyntaxFault('unexpected indent', now(), 'IndentationError');
    statements.push(...statement());
  }
  return statements;

  function statement(): Statement[] {
    const { line } = now();
    if (take('if')) return [ifStatement(line)];
    if (take('while')) return [{ kind: 'while', line, test: expression(), body: block(), otherwise: otherwise() }];
    if (take('for')) return [forStatement(line)];
    if (take('try')) return [tryStatement(line)];
    if (take('with')) return [withStatement(line)];
    if (is('async')) next();
    if (is('def') || is('class') || is('@')) return [definition(line)];
    return simpleLine();
  }

  function simpleLine(): Statement[] {
    const line = [simple()];
    while (take(';')) if (now().kind !== 'newline') line.push(simple());
    if (now().kind !== 'end') {
      if (now().kind !== 'newline') fail();
      next();
    }
    return line;
  }

  function simple(): Statement {
    const { line } = now();
    if (take('pass')) return { kind: 'pass', line };
    if (take('break')) return { kind: 'break', line };
    if (take('continue')) return { kind: 'continue', line };
    if (take('return')) return endsHere() ? { kind: 'return', line } : { kind: 'return', line, value: expressions() };
    if (take('raise')) return raise(line);
    if (take('import')) return importStatement(line);
    if (take('from')) return fromStatement(line);
    if (take('global') || take('nonlocal')) return { kind: 'global', line, names: list(takeName) };
    if (take('del')) return { kind: 'del', line, targets: list(expression) };
    if (take('assert')) {
      const test = expression();
      return take(',') ? { kind: 'assert', line, test, message: expression() } : { kind: 'assert', line, test };
    }
    return expressionStatement(line);
  }

  function endsHere(): boolean {
    return now().kind === 'newline' || now().kind === 'end' || is(';');
  }

  function list<T>(read: () => T): T[] {
    const items = [read()];
    while (take(',')) items.push(read());
    return items;
  }

  function raise(line: number): Statement {
    if (endsHere()) return { kind: 'raise', line };
    const value = expression();
    if (take('from')) expression();
    return { kind: 'raise', line, value };
  }

  function dotted(): string {
    let path = takeName();
    while (take('.')) path += `.${takeName()}`;
    return path;
  }

  function importStatement(line: number): Statement {
    const names = list(() => {
      const path = dotted();
      return take('as') ? { path, as: takeName() } : { path };
    });
    return { kind: 'import', line, names };
  }

  function fromStatement(line: number): Statement {
    const path = dotted();
    expect('import');
    if (take('*')) return { kind: 'from', line, path, names: [{ name: '*', as: '*' }] };
    const hasBrackets = take('(');
    const names: { name: string; as: string }[] = [];
    do {
      if (is(')')) break;
      const name = takeName();
      names.push({ name, as: take('as') ? takeName() : name });
    } while (take(','));
    if (hasBrackets) expect(')');
    return { kind: 'from', line, path, names };
  }

  function expressionStatement(line: number): Statement {
    const first = now();
    const value = expressions();
    if (take(':')) {
      expression();
      if (!take('=')) return { kind: 'pass', line };
      return { kind: 'assign', line, targets: [value], value: expressions() };
    }
    if (now().kind === 'sign' && changes.test(now().text))
      return { kind: 'change', line, target: value, sign: next().text.slice(0, -1), value: expressions() };
    const sides = [value];
    while (take('=')) sides.push(expressions());
    const last = sides.pop();
    if (!last || sides.length === 0) {
      if (!endsHere()) printStatement(value);
      return { kind: 'expression', line, value };
    }
    if (sides.some(({ kind }) => kind === 'constant'))
      fail("cannot assign to literal here. Maybe you meant '==' instead of '='?", first);
    return { kind: 'assign', line, targets: sides, value: last };
  }

  /** What the second Python allowed and the third names. */
  function printStatement(value: Expression): void {
    if (value.kind === 'name' && (value.name === 'print' || value.name === 'exec'))
      fail(`Missing parentheses in call to '${value.name}'. Did you mean ${value.name}(...)?`);
  }

  function block(): Statement[] {
    expect(':', "expected ':'");
    return nested(() => {
      if (now().kind !== 'newline') return simpleLine();
      next();
      if (now().kind !== 'indent') throw new SyntaxFault('expected an indented block', now(), 'IndentationError');
      next();
      const body: Statement[] = [];
      while (now().kind !== 'dedent' && now().kind !== 'end') body.push(...statement());
      expectKind('dedent');
      return body;
    });
  }

  function otherwise(): Statement[] {
    return take('else') ? block() : [];
  }

  function ifStatement(line: number): Statement {
    const test = expression();
    const body = block();
    const at = now().line;
    if (take('elif')) return { kind: 'if', line, test, body, otherwise: [nested(() => ifStatement(at))] };
    return { kind: 'if', line, test, body, otherwise: otherwise() };
  }

  function forStatement(line: number): Statement {
    const target = targets();
    expect('in');
    return { kind: 'for', line, target, source: expressions(), body: block(), otherwise: otherwise() };
  }

  function tryStatement(line: number): Statement {
    const body = block();
    const handlers: Handler[] = [];
    while (take('except')) {
      const type = is(':') ? undefined : expressions();
      const name = take('as') ? takeName() : undefined;
      handlers.push({ body: block(), ...(type ? { type } : {}), ...(name === undefined ? {} : { name }) });
    }
    const after = otherwise();
    const last = take('finally') ? block() : [];
    if (handlers.length === 0 && last.length === 0) fail("expected 'except' or 'finally' block");
    return { kind: 'try', line, body, handlers, otherwise: after, last };
  }

  function withStatement(line: number): Statement {
    const items = list(() => {
      const value = expression();
      return take('as') ? { value, target: targets() } : { value };
    });
    return { kind: 'with', line, items, body: block() };
  }

  function definition(line: number): Statement {
    const decorators: Expression[] = [];
    while (take('@')) {
      decorators.push(expression());
      expectKind('newline');
    }
    if (take('class')) return classDefinition(line);
    expect('def');
    return { kind: 'def', line, decorators, definition: functionDefinition() };
  }

  function functionDefinition(): Definition {
    const name = takeName();
    expect('(', "expected '('");
    const list = parameters(')');
    expect(')');
    if (take('->')) expression();
    const outer = tokens.yields.splice(0);
    const body = block();
    const isGenerator = tokens.yields.length > 0;
    tokens.yields.splice(0, tokens.yields.length, ...outer);
    return { name, parameters: list, body, isGenerator };
  }

  function classDefinition(line: number): Statement {
    const name = takeName();
    const bases: Expression[] = [];
    if (take('(')) {
      while (!take(')')) {
        bases.push(expression());
        if (!is(')')) expect(',');
      }
    }
    return { kind: 'class', line, name, bases, body: block() };
  }
}
