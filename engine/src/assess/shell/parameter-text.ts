import type { WordNode } from 'just-bash';
import { globPattern } from './glob.ts';

type Parameter = Extract<WordNode['parts'][number], { type: 'ParameterExpansion' }>;
type Operation = NonNullable<Parameter['operation']>;

/** Longer values are not taken apart: patterns with `*` would cost too much on them. */
const valueMax = 1_024;

/**
 * The value of `${a:1:4}`, `${a//x/y}`, `${a#x}`, `${a,,}`, `${!a}` …; null where it cannot be told. `wordOf` tells the words
 * that stand in the operation.
 */
export function parameterValue(
  { parameter, operation }: Parameter,
  variables: ReadonlyMap<string, string>,
  wordOf: (word: WordNode) => string,
): string | null {
  const known = variables.get(parameter) ?? null;
  if (operation === null) return known;
  if (operation.type === 'Indirection') return known === null ? null : (variables.get(known) ?? null);
  if (operation.type === 'DefaultValue' || operation.type === 'AssignDefault') return known ?? wordOf(operation.word);
  if (operation.type === 'UseAlternative') return known === null ? null : wordOf(operation.word);
  return known === null || known.length > valueMax ? null : changed(known, operation, wordOf);
}

function changed(value: string, operation: Operation, wordOf: (word: WordNode) => string): string | null {
  switch (operation.type) {
    case 'Length':
      return String(value.length);
    case 'Substring':
      return substring(value, operation);
    case 'CaseModification':
      return cased(value, operation.direction, operation.all);
    case 'PatternRemoval':
      return withoutEdge(value, wordOf(operation.pattern), operation.side === 'prefix', operation.greedy);
    case 'PatternReplacement': {
      const pattern = globPattern(wordOf(operation.pattern), operation.all ? 'g' : '');
      const replacement = operation.replacement === null ? '' : wordOf(operation.replacement);
      return pattern === null ? null : value.replace(pattern, () => replacement);
    }
    default:
      return null;
  }
}

function substring(value: string, { offset, length }: Extract<Operation, { type: 'Substring' }>): string | null {
  const start = numberOf(offset.expression);
  const count = length === null ? value.length : numberOf(length.expression);
  if (start === null || count === null) return null;
  const from = start < 0 ? Math.max(0, value.length + start) : start;
  return count < 0 ? value.slice(from, count) : value.slice(from, from + count);
}

type Arithmetic = Extract<Operation, { type: 'Substring' }>['offset']['expression'];

function numberOf(expression: Arithmetic): number | null {
  if (expression.type === 'ArithNumber') return expression.value;
  if (expression.type === 'ArithGroup') return numberOf(expression.expression);
  const operand = expression.type === 'ArithUnary' ? numberOf(expression.operand) : null;
  return operand === null ? null : -operand;
}

function cased(value: string, direction: 'upper' | 'lower', all: boolean): string {
  const change = (text: string) => (direction === 'upper' ? text.toUpperCase() : text.toLowerCase());
  return all ? change(value) : `${change(value.slice(0, 1))}${value.slice(1)}`;
}

/** Takes off the shortest or, where `greedy`, the longest edge that the pattern matches. */
function withoutEdge(value: string, glob: string, front: boolean, greedy: boolean): string | null {
  const pattern = globPattern(glob, 'whole');
  if (pattern === null) return null;
  for (let step = 0; step <= value.length; step++) {
    const length = greedy ? value.length - step : step;
    const edge = front ? value.slice(0, length) : value.slice(value.length - length);
    if (pattern.test(edge)) return front ? value.slice(length) : value.slice(0, value.length - length);
  }
  return value;
}
