import { createRecentAnswers } from '../../kit/recent-answers.ts';
import { remembered } from '../remembered.ts';
import type { ShellReading, Statement } from '../shell/statement.ts';
import { type Condition, type PlacedRule, toPattern } from './rule.ts';
import { knownContent, readPaths, writtenPaths } from './touched-paths.ts';

/** A rule that a statement answered. */
export interface RuleHit {
  readonly rule: PlacedRule;
  /** Index of the statement in its reading. */
  readonly statement: number;
}

export interface AttackRules {
  readonly rules: readonly PlacedRule[];
  /** Whether a command of this name is one that systems have. */
  isKnown(name: string): boolean;
  /** Every rule that some statement of the reading answers, in the statements' order. */
  match(reading: ShellReading): RuleHit[];
}

interface Subject {
  readonly statement: Statement;
  readonly line: readonly Subject[];
  /** Told on first use: most rules never ask. */
  paths?: { writes: string[]; reads: string[] };
}

type Test = (subject: Subject) => boolean;

/** Names whose rules are kept at hand; attackers make names up, so there is no end of them. */
const keptNamesMax = 2_048;

/**
 * Turns rules into tests. Which rules a command's name rules out is told once per name, not once per statement: of 335
 * rules about a third remains.
 */
export function compileRules(rules: readonly PlacedRule[], knownCommands: ReadonlySet<string>): AttackRules {
  const compiled = rules.map((rule) => ({ rule, test: compile(rule.when, isKnown), mayBe: compileName(rule.when) }));
  const byName = createRecentAnswers<typeof compiled>(keptNamesMax);
  return { rules, isKnown, match };

  function isKnown(name: string): boolean {
    return knownCommands.has(name) || /^(?:python|perl|php|ruby|lua|gcc|g\+\+|clang)[\d.]+$/.test(name);
  }

  function match(reading: ShellReading): RuleHit[] {
    const line: Subject[] = [];
    for (const statement of reading.statements) line.push({ statement, line });
    const hits: RuleHit[] = [];
    for (const [at, subject] of line.entries()) {
      for (const { rule, test } of candidates(subject.statement.name))
        if (test(subject)) hits.push({ rule, statement: at });
    }
    return hits;
  }

  function candidates(statementName: string) {
    const name = statementName.slice(0, nameCharactersMax);
    return remembered(byName, name, () => compiled.filter(({ mayBe }) => mayBe(name)));
  }
}

/** Whether a statement of this name can answer the condition at all; what else the condition asks is left open. */
function compileName({ name, any }: Condition): (name: string) => boolean {
  const own = name === undefined ? undefined : toPattern(name, true);
  const alternatives = any?.map(compileName);
  return (asked) =>
    (own === undefined || own.test(asked)) && (alternatives === undefined || alternatives.some((one) => one(asked)));
}

/** Names longer than this are no commands, and `\\S*exploit\\S*` is slow on them. */
const nameCharactersMax = 128;

type IsKnown = (name: string) => boolean;

function compile(condition: Condition, isKnown: IsKnown): Test {
  const inner = (one: Condition) => compile(one, isKnown);
  const tests: Test[] = [];
  const { name, path, known, via, arg, text, writes, reads, content, into, from, variable, line, any, not } = condition;
  if (name !== undefined)
    tests.push(asking(toPattern(name, true), ({ statement }) => [statement.name.slice(0, nameCharactersMax)]));
  if (path !== undefined) tests.push(asking(toPattern(path), ({ statement }) => [statement.path]));
  if (known !== undefined) tests.push(({ statement }) => isKnown(statement.name) === known);
  if (via !== undefined) tests.push(asking(toPattern(via, true), ({ statement }) => statement.via));
  for (const one of arg === undefined ? [] : [arg].flat())
    tests.push(asking(toPattern(one), ({ statement }) => statement.args));
  if (text !== undefined) tests.push(asking(toPattern(text), ({ statement }) => [statement.text]));
  if (writes !== undefined) tests.push(asking(toPattern(writes), (subject) => pathsOf(subject).writes));
  if (reads !== undefined) tests.push(asking(toPattern(reads), (subject) => pathsOf(subject).reads));
  if (content !== undefined) tests.push(asking(toPattern(content), ({ statement }) => [knownContent(statement)]));
  if (into !== undefined) tests.push(asking(toPattern(into, true), ({ statement }) => statement.pipedInto));
  if (from !== undefined) tests.push(asking(toPattern(from, true), ({ statement }) => statement.pipedFrom));
  if (variable !== undefined) tests.push(asking(toPattern(variable), ({ statement }) => assignments(statement)));
  if (line !== undefined) tests.push(anyOfLine(inner(line)));
  if (any !== undefined) tests.push(anyOf(any.map(inner)));
  if (not !== undefined) tests.push(negated(inner(not)));
  return (subject) => tests.every((test) => test(subject));
}

const declarers = /^(?:export|declare|typeset|readonly|local|env|setenv)$/;

/** `NAME=value` before a command and as the arguments of `export` and its kin. */
function assignments({ name, args, variables }: Statement): string[] {
  const before = variables.map((one) => `${one.name}=${one.value}`);
  return declarers.test(name) ? [...before, ...args] : before;
}

function asking(pattern: RegExp, texts: (subject: Subject) => readonly string[]): Test {
  return (subject) => texts(subject).some((one) => pattern.test(one.length > 2048 ? one.slice(0, 2048) : one));
}

function pathsOf(subject: Subject): { writes: string[]; reads: string[] } {
  subject.paths ??= { writes: writtenPaths(subject.statement), reads: readPaths(subject.statement) };
  return subject.paths;
}

function anyOfLine(test: Test): Test {
  return ({ line }) => line.some((subject) => test(subject));
}

function anyOf(tests: readonly Test[]): Test {
  return (subject) => tests.some((test) => test(subject));
}

function negated(test: Test): Test {
  return (subject) => !test(subject);
}
