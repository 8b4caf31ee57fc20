import { type Condition, toPattern } from './rule.ts';
import { argumentsOf, assignmentsOf, contentOf, pathsOf, type Subject } from './subject.ts';

export type Test = (subject: Subject) => boolean;
export type IsKnown = (name: string) => boolean;

/** Names longer than this are no commands, and `\\S*exploit\\S*` is slow on them. */
export const nameCharactersMax = 128;
const textCharactersMax = 2_048;

/** Makes tests of the conditions of one set of rules: a pattern is compiled once, in however many names' tests it stands. */
export function createCompile(isKnown: IsKnown): (condition: Condition) => Test {
  const patterns = new Map<string, RegExp>();
  return compile;

  function compile(condition: Condition): Test {
    const tests = [...aboutStatement(condition, find, isKnown)];
    const { line, any, not } = condition;
    if (line !== undefined) tests.push(anyOfLine(compile(line)));
    if (any !== undefined) tests.push(anyOf(any.map(compile)));
    if (not !== undefined) tests.push(negated(compile(not)));
    return allOf(tests);
  }

  function find(source: string, whole = false): RegExp {
    const key = `${whole} ${source}`;
    const known = patterns.get(key) ?? toPattern(source, whole);
    patterns.set(key, known);
    return known;
  }
}

type FindPattern = (source: string, whole?: boolean) => RegExp;

/** What most statements do not have is asked first. */
function aboutStatement(condition: Condition, find: FindPattern, isKnown: IsKnown): Test[] {
  const tests: Test[] = [];
  const { name, path, known, via, arg, text, writes, reads, content, into, from, variable } = condition;
  if (name !== undefined)
    tests.push(inText(find(name, true), ({ statement }) => statement.name.slice(0, nameCharactersMax)));
  if (known !== undefined) tests.push(({ statement }) => isKnown(statement.name) === known);
  if (via !== undefined) tests.push(inSome(find(via, true), ({ statement }) => statement.via));
  if (into !== undefined) tests.push(inSome(find(into, true), ({ statement }) => statement.pipedInto));
  if (from !== undefined) tests.push(inSome(find(from, true), ({ statement }) => statement.pipedFrom));
  if (variable !== undefined) tests.push(inSome(find(variable), assignmentsOf));
  if (writes !== undefined) tests.push(inSome(find(writes), (subject) => pathsOf(subject).writes));
  if (reads !== undefined) tests.push(inSome(find(reads), (subject) => pathsOf(subject).reads));
  if (content !== undefined) tests.push(inText(find(content), contentOf));
  if (path !== undefined) tests.push(inText(find(path), ({ statement }) => statement.path));
  for (const one of arg === undefined ? [] : [arg].flat()) tests.push(inSome(find(one), argumentsOf));
  if (text !== undefined) tests.push(inText(find(text), ({ statement }) => statement.text));
  return tests;
}

function inText(pattern: RegExp, textOf: (subject: Subject) => string): Test {
  return (subject) => pattern.test(bounded(textOf(subject)));
}

function inSome(pattern: RegExp, textsOf: (subject: Subject) => readonly string[]): Test {
  return (subject) => {
    for (const one of textsOf(subject)) if (pattern.test(bounded(one))) return true;
    return false;
  };
}

function bounded(text: string): string {
  return text.length > textCharactersMax ? text.slice(0, textCharactersMax) : text;
}

function allOf(tests: readonly Test[]): Test {
  const [first, ...others] = tests;
  if (first !== undefined && others.length === 0) return first;
  return (subject) => {
    for (const test of tests) if (!test(subject)) return false;
    return true;
  };
}

function anyOf(tests: readonly Test[]): Test {
  const [first, ...others] = tests;
  if (first !== undefined && others.length === 0) return first;
  return (subject) => {
    for (const test of tests) if (test(subject)) return true;
    return false;
  };
}

function anyOfLine(test: Test): Test {
  return ({ line }) => line.some((subject) => test(subject));
}

function negated(test: Test): Test {
  return (subject) => !test(subject);
}
