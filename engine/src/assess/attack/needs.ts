import { type Narrowed, narrow } from './narrow.ts';
import { type Condition, toPattern } from './rule.ts';
import { assignmentsOf, contentOf, pathsOf, type Subject } from './subject.ts';

/**
 * What few statements have, rarest first, a bit each. Of 110 rules that a name leaves open nearly all ask for a path, an
 * assignment, a pipe or certain words: those of a statement that has none of these are passed over without being asked.
 */
const bits = { variable: 1, into: 2, from: 4, via: 8, content: 16, writes: 32, reads: 64, arg: 128, text: 256 };
const kinds = ['variable', 'into', 'from', 'via', 'content', 'writes', 'reads', 'arg'] as const;
const anything = 512;

/** Bits of what a statement must have one of to answer a condition, and of what it has. */
export interface Needs {
  needsOf(condition: Condition): number;
  hasOf(subject: Subject): number;
}

/**
 * Texts that rules look for whatever the command is called are looked for all at once, by two patterns, as one cannot be told
 * of a part of itself that case is nothing there (Node 22 has no `(?i:…)`): 1 µs a statement where one after the other took
 * 4, and most of them are then never compiled.
 */
export function createNeeds(conditions: readonly Condition[]): Needs {
  const everywhere = new Set(conditions.flatMap((condition) => textsOf(narrow(condition, namedByNone))));
  const { anyCase = [], asTyped = [] } = Object.groupBy(everywhere, (source) =>
    source.startsWith(inAnyCase) ? 'anyCase' : 'asTyped',
  );
  const texts = [
    anyOf(asTyped, 'm'),
    anyOf(
      anyCase.map((source) => source.slice(inAnyCase.length)),
      'im',
    ),
  ];
  return { needsOf, hasOf };

  function needsOf(condition: Condition): number {
    const needed = kinds.find((kind) => condition[kind] !== undefined);
    if (needed !== undefined) return isAnsweredByNothing(condition) ? anything : bits[needed];
    if (condition.text !== undefined) return everywhere.has(condition.text) ? bits.text : anything;
    return condition.any?.reduce((needs, one) => needs | needsOf(one), 0) ?? anything;
  }

  function hasOf(subject: Subject): number {
    const { via, args, pipedInto, pipedFrom, text } = subject.statement;
    const { writes, reads } = pathsOf(subject);
    let has = anything;
    if (assignmentsOf(subject).length > 0) has |= bits.variable;
    if (pipedInto.length > 0) has |= bits.into;
    if (pipedFrom.length > 0) has |= bits.from;
    if (via.length > 0) has |= bits.via;
    if (contentOf(subject) !== '') has |= bits.content;
    if (writes.length > 0) has |= bits.writes;
    if (reads.length > 0) has |= bits.reads;
    if (args.length > 0) has |= bits.arg;
    if (texts.some((pattern) => pattern.test(text))) has |= bits.text;
    return has;
  }
}

const namedByNone = { isNamed: () => false, isKnown: true };

/** The texts that a condition, or an alternative of it, asks for and nothing rarer. */
function textsOf(condition: Narrowed): string[] {
  if (typeof condition === 'string' || kinds.some((kind) => condition[kind] !== undefined)) return [];
  const { text, any = [] } = condition;
  if (text === undefined) return any.flatMap(textsOf);
  return pointsBack.test(text) ? [] : [text];
}

const inAnyCase = '(?i)';

/** Groups have other numbers within a larger pattern. */
const pointsBack = /\\[1-9]|\(\?</;

function anyOf(sources: readonly string[], flags: string): RegExp {
  return new RegExp(sources.map((source) => `(?:${source})`).join('|') || '(?!)', flags);
}

/** Content that is not known is the empty text. */
function isAnsweredByNothing({ content }: Condition): boolean {
  return content !== undefined && toPattern(content).test('');
}
