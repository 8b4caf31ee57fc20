import { otherSpellings } from '../shell/option-spellings.ts';
import type { Statement } from '../shell/statement.ts';
import { knownContent, readPaths, writtenPaths } from './touched-paths.ts';

/** A statement that rules are asked about; what takes work to tell is told on first use, and once. */
export interface Subject {
  readonly statement: Statement;
  /** All statements of its line, this one included. */
  readonly line: readonly Subject[];
  paths?: { readonly writes: readonly string[]; readonly reads: readonly string[] };
  content?: string;
  assignments?: readonly string[];
  arguments?: readonly string[];
}

/** Worked out when the first rule asks, and once. */
export function pathsOf(subject: Subject): NonNullable<Subject['paths']> {
  subject.paths ??= { writes: writtenPaths(subject.statement), reads: readPaths(subject.statement) };
  return subject.paths;
}

/** Worked out when the first rule asks, and once. */
export function contentOf(subject: Subject): string {
  subject.content ??= knownContent(subject.statement);
  return subject.content;
}

/** As typed, and as the same options are mostly typed. */
export function argumentsOf(subject: Subject): readonly string[] {
  subject.arguments ??= withSpellings(subject.statement);
  return subject.arguments;
}

function withSpellings(statement: Statement): readonly string[] {
  const others = otherSpellings(statement);
  return others.length === 0 ? statement.args : [...statement.args, ...others];
}

const declarers = /^(?:export|declare|typeset|readonly|local|env|setenv)$/;

/** `NAME=value` before a command and as the arguments of `export` and its kin. */
export function assignmentsOf(subject: Subject): readonly string[] {
  subject.assignments ??= assignments(subject.statement);
  return subject.assignments;
}

function assignments({ name, args, variables }: Statement): readonly string[] {
  const before = variables.map((one) => `${one.name}=${one.value}`);
  return declarers.test(name) ? [...before, ...args] : before;
}
