import type { Node } from './nodes.ts';
import { bind, type Parser } from './parser.ts';
import type { Expressions } from './read-variable.ts';

/** What a variable's reader needs, from the reader of expressions. */
export function partsOf(parser: Parser): Expressions {
  return {
    expression: () => parser.expression(),
    argumentsTo: parser.argumentsTo,
    block: () => ({ kind: 'do', body: parser.block() }),
  };
}

/** The words of a call whose name was read: in brackets, one behind a name that takes one, or all that follow. */
export function readArguments(parser: Parser, isOne: boolean): Node[] {
  const { reader } = parser;
  if (reader.take(/\(/) !== undefined) return parser.argumentsTo(')');
  if (!startsTerm(parser)) return [];
  return isOne ? [parser.expression(bind.named + 1)] : parser.openArguments();
}

/** Whether what comes next can begin a value. */
export function startsTerm({ reader }: Parser): boolean {
  if (reader.isAtEnd()) return false;
  if (reader.sees(/(?:or|and|if|unless|while|until|foreach|for|x|eq|ne|lt|gt|le|ge|cmp|xor)\b(?!\s*=>)/)) return false;
  return (
    reader.sees(/[\w$@%&"'`([{\\~!:]|-(?!=)|\+(?!=)|\/(?!\/)|<(?:[$\w]*>|<["'~A-Z])|\.\d/) &&
    !reader.sees(/&&|%\s|!=|=~|::?\s/)
  );
}
