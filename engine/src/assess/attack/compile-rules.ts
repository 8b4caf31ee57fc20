import { createRecentAnswers } from '../../kit/recent-answers.ts';
import { remembered } from '../remembered.ts';
import type { ShellReading, Statement } from '../shell/statement.ts';
import { askNames, namePatterns, narrow } from './narrow.ts';
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

/** Names whose rules are kept at hand; attackers make names up, so there is no end of them, but nearly all are alike to the rules. */
const keptNamesMax = 2_048;
const keptSignaturesMax = 512;

interface Candidate {
  readonly rule: PlacedRule;
  readonly test: Test;
}

/**
 * Turns rules into tests. What a command's name answers is asked once per name (`narrow.ts`), not once per statement; a
 * statement is only asked what is left.
 */
export function compileRules(rules: readonly PlacedRule[], knownCommands: ReadonlySet<string>): AttackRules {
  const ask = askNames(namePatterns(rules.map(({ when }) => when)), isKnown);
  const byName = createRecentAnswers<readonly Candidate[]>(keptNamesMax);
  const bySignature = createRecentAnswers<readonly Candidate[]>(keptSignaturesMax);
  const compile = createCompile(isKnown);
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

  function candidates(statementName: string): readonly Candidate[] {
    const name = statementName.slice(0, nameCharactersMax);
    return remembered(byName, name, () => {
      const answers = ask(name);
      return remembered(bySignature, answers.signature, () =>
        rules.flatMap((rule) => {
          const left = narrow(rule.when, answers);
          if (left === 'never') return [];
          return { rule, test: left === 'always' ? () => true : compile(left) };
        }),
      );
    });
  }
}

/** Names longer than this are no commands, and `\\S*exploit\\S*` is slow on them. */
const nameCharactersMax = 128;

type IsKnown = (name: string) => boolean;

/** Of one set of rules: a pattern is compiled once, in however many names' tests it stands. */
function createCompile(isKnown: IsKnown): (condition: Condition) => Test {
  const patterns = new Map<string, RegExp>();
  return compile;

  function find(source: string, whole = false): RegExp {
    const key = `${whole} ${source}`;
    const known = patterns.get(key) ?? toPattern(source, whole);
    patterns.set(key, known);
    return known;
  }

  function compile(condition: Condition): Test {
    const tests = [...aboutStatement(condition, find, isKnown)];
    const { line, any, not } = condition;
    if (line !== undefined) tests.push(anyOfLine(compile(line)));
    if (any !== undefined) tests.push(anyOf(any.map(compile)));
    if (not !== undefined) tests.push(negated(compile(not)));
    const [first, ...others] = tests;
    return first !== undefined && others.length === 0 ? first : (subject) => tests.every((test) => test(subject));
  }
}

type FindPattern = (source: string, whole?: boolean) => RegExp;

function aboutStatement(condition: Condition, find: FindPattern, isKnown: IsKnown): Test[] {
  const tests: Test[] = [];
  const { name, path, known, via, arg, text, writes, reads, content, into, from, variable } = condition;
  if (name !== undefined)
    tests.push(asking(find(name, true), ({ statement }) => [statement.name.slice(0, nameCharactersMax)]));
  if (path !== undefined) tests.push(asking(find(path), ({ statement }) => [statement.path]));
  if (known !== undefined) tests.push(({ statement }) => isKnown(statement.name) === known);
  if (via !== undefined) tests.push(asking(find(via, true), ({ statement }) => statement.via));
  for (const one of arg === undefined ? [] : [arg].flat())
    tests.push(asking(find(one), ({ statement }) => statement.args));
  if (text !== undefined) tests.push(asking(find(text), ({ statement }) => [statement.text]));
  if (writes !== undefined) tests.push(asking(find(writes), (subject) => pathsOf(subject).writes));
  if (reads !== undefined) tests.push(asking(find(reads), (subject) => pathsOf(subject).reads));
  if (content !== undefined) tests.push(asking(find(content), ({ statement }) => [knownContent(statement)]));
  if (into !== undefined) tests.push(asking(find(into, true), ({ statement }) => statement.pipedInto));
  if (from !== undefined) tests.push(asking(find(from, true), ({ statement }) => statement.pipedFrom));
  if (variable !== undefined) tests.push(asking(find(variable), ({ statement }) => assignments(statement)));
  return tests;
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
