import type { Arm, Node, Statement } from './nodes.ts';
import { bind, type Over, type Parser } from './parser.ts';
import { partsOf } from './read-arguments.ts';
import { readExpression } from './read-expression.ts';
import { readTerm } from './read-term.ts';
import { createReader, type Reader } from './reader.ts';

const depthMax = 200;

/** The statements of a program's text. @throws PerlSyntax */
export function readProgram(text: string, line = 1): Statement[] {
  return createParser(createReader(text.split(/^__(?:END|DATA)__$/m)[0] ?? '', line)).program();
}

const over: Over = {
  expressions: (reader) => partsOf(createParser(reader)),
  program: (text) => readProgram(text),
};

function createParser(reader: Reader): Parser & { program: () => Statement[] } {
  let depth = 0;
  const parser: Parser = {
    reader,
    declared: new Set(),
    over,
    term: () => readTerm(parser),
    expression: (least = 0) => deeper(() => readExpression(parser, least)),
    argumentsTo,
    openArguments: () => listUntil(() => !reader.sees(/,|=>/)),
    block,
  };
  return { ...parser, program };

  function deeper<T>(read: () => T): T {
    if (++depth > depthMax) reader.fault();
    try {
      return read();
    } finally {
      depth--;
    }
  }

  function argumentsTo(end: string): Node[] {
    if (reader.sees(endPattern(end))) {
      reader.expect(end);
      return [];
    }
    const first = parser.expression();
    reader.expect(end);
    return first.kind === 'list' ? [...first.items] : [first];
  }

  /** Values with commas between them, and one behind the last where there is one. */
  function listUntil(isOver: () => boolean): Node[] {
    const items: Node[] = [];
    while (reader.take(/,|=>/) !== undefined);
    do {
      if (reader.isAtEnd() || reader.sees(/[)\]};]|(?:or|and|if|unless|while|until|foreach|for)\b(?!\s*=>)/)) break;
      items.push(deeper(() => readExpression(parser, bind.assign)));
      if (isOver()) break;
    } while (reader.take(/(?:,|=>)(?:\s*,)*/) !== undefined);
    return items;
  }

  function program(): Statement[] {
    const body: Statement[] = [];
    while (!reader.isAtEnd()) if (reader.take(/;/) === undefined) body.push(...statement());
    return body;
  }

  function block(): Statement[] {
    reader.expect('{');
    const body: Statement[] = [];
    while (reader.take(/\}/) === undefined) {
      if (reader.isAtEnd()) reader.fault();
      if (reader.take(/;/) === undefined) body.push(...deeper(statement));
    }
    return body;
  }

  function statement(): Statement[] {
    reader.skip();
    const line = reader.line();
    const label = reader.take(/([A-Za-z_]\w*)\s*:(?![:])(?=\s)/);
    const word = reader.take(
      /(if|unless|while|until|for|foreach|package|use|no|BEGIN|END|sub(?=\s+[A-Za-z_]))\b(?!\s*(?:=>|,))/,
    );
    if (word === undefined && reader.sees(/\{/) && !reader.sees(/\{\s*(?:[\w'"$-]+["']?\s*(?:=>|,)|\}|%\$?\w+\s*[,}])/))
      return [{ kind: 'block', label, body: block(), line }];
    switch (word) {
      case 'if':
      case 'unless':
        return [{ ...readIf(word === 'unless'), line }];
      case 'while':
      case 'until':
        return [{ ...readWhile(label, word === 'until'), line }];
      case 'for':
      case 'foreach':
        return [{ ...readFor(label, line), line }];
      case 'package':
        return readPackage(line);
      case 'use':
      case 'no':
        return readUse(word === 'no', line);
      case 'BEGIN':
        return [{ kind: 'block', label: undefined, body: block(), line }];
      case 'END':
        return [{ kind: 'end', body: block(), line }];
      case 'sub':
        return [readSub(line)];
      default:
        return [readModified(line)];
    }
  }

  function readSub(line: number): Statement {
    const name = reader.take(/[A-Za-z_][\w:]*/) ?? reader.fault();
    parser.declared.add(name);
    reader.take(/\([^)]*\)/);
    return { kind: 'define', name, body: block(), line };
  }

  function test(): Node {
    reader.expect('(');
    if (reader.take(/\)/) !== undefined) return { kind: 'number', value: 1 };
    const read = parser.expression();
    reader.expect(')');
    return read;
  }

  function readIf(isUnless: boolean) {
    const not = (of: Node): Node => ({ kind: 'unary', operator: '!', of });
    const first = test();
    const arms: Arm[] = [{ test: isUnless ? not(first) : first, body: block() }];
    while (reader.take(/elsif\b/) !== undefined) arms.push({ test: test(), body: block() });
    const otherwise = reader.take(/else\b/) === undefined ? undefined : block();
    return { kind: 'if' as const, arms, otherwise };
  }

  function readWhile(label: string | undefined, isUntil: boolean) {
    const asked = test();
    const body = block();
    const step: Node | undefined = reader.take(/continue\b/) === undefined ? undefined : { kind: 'do', body: block() };
    return { kind: 'while' as const, label, test: asked, isUntil, isAfter: false, step, body, first: undefined };
  }

  function readFor(label: string | undefined, line: number): Statement {
    const isMy = reader.take(/my\b|our\b/) !== undefined;
    const variable = reader.take(/\$(\w+)/);
    reader.expect('(');
    if (variable === undefined) {
      const first = reader.sees(/;/)
        ? undefined
        : reader.sees(/\)/)
          ? { kind: 'list' as const, items: [] }
          : parser.expression();
      if (reader.take(/;/) !== undefined) return { ...readLoop(label, first), line };
      reader.expect(')');
      return {
        kind: 'foreach',
        label,
        variable: '_',
        isMy: false,
        list: first ?? { kind: 'list', items: [] },
        body: block(),
        line,
      };
    }
    const list: Node = { kind: 'list', items: argumentsTo(')') };
    return { kind: 'foreach', label, variable, isMy, list, body: block(), line };
  }

  function readLoop(label: string | undefined, first: Node | undefined) {
    const asked = reader.sees(/;/) ? undefined : parser.expression();
    reader.expect(';');
    const step = reader.sees(/\)/) ? undefined : parser.expression();
    reader.expect(')');
    return { kind: 'while' as const, label, test: asked, isUntil: false, isAfter: false, step, body: block(), first };
  }

  function readPackage(line: number): Statement[] {
    const name = reader.take(/[\w:]+/) ?? reader.fault();
    const here: Statement = { kind: 'package', name, line };
    if (!reader.sees(/\{/)) return [here];
    return [here, ...block(), { kind: 'package', name: 'main', line }];
  }

  function readUse(isNot: boolean, line: number): Statement[] {
    const module = reader.take(/v?[\d._]+|[\w:]+/) ?? reader.fault();
    reader.take(/[\d.]+(?=\s*;)/);
    const args = reader.sees(/;|\}/) || reader.isAtEnd() ? undefined : parser.expression();
    reader.take(/;/);
    return isNot ? [] : [{ kind: 'use', module, args, line }];
  }

  /** An expression, with `if`, `while`, `for` and the like behind it. */
  function readModified(line: number): Statement {
    const of = parser.expression();
    let made: Statement = { kind: 'expression', of, line };
    const word = reader.take(/(if|unless|while|until|foreach|for)\b/);
    if (word !== undefined) made = modified(made, of, word, parser.expression());
    if (!reader.isAtEnd() && !reader.sees(/\}/)) reader.expect(';');
    return made;
  }

  function modified(made: Statement, of: Node, word: string, by: Node): Statement {
    const { line } = made;
    if (word === 'for' || word === 'foreach')
      return { kind: 'foreach', label: undefined, variable: '_', isMy: false, list: by, body: [made], line };
    if (word === 'if' || word === 'unless') {
      const asked: Node = word === 'if' ? by : { kind: 'unary', operator: '!', of: by };
      return { kind: 'if', arms: [{ test: asked, body: [made] }], otherwise: undefined, line };
    }
    const loop = { label: undefined, test: by, isUntil: word === 'until', step: undefined, first: undefined, line };
    return of.kind === 'do'
      ? { kind: 'while', ...loop, isAfter: true, body: of.body }
      : { kind: 'while', ...loop, isAfter: false, body: [made] };
  }
}

function endPattern(end: string): RegExp {
  return end === ')' ? /\)/ : end === ']' ? /\]/ : /\}/;
}
