import { type Condition, toPattern } from './rule.ts';

/** A condition for which there is nothing left to ask: it holds always, or never. */
export type Narrowed = Condition | 'always' | 'never';

export interface NameAnswers {
  isNamed(pattern: string): boolean;
  readonly isKnown: boolean;
}

/**
 * What is left to ask of a statement once its command's name is known. Most alternatives of most rules name commands, so
 * little is: a statement of `echo` answers some 110 rules' other questions instead of testing 500 patterns of names.
 */
export function narrow(condition: Condition, answers: NameAnswers): Narrowed {
  const { name, known, any, not, ...rest } = condition;
  if (name !== undefined && !answers.isNamed(name)) return 'never';
  if (known !== undefined && answers.isKnown !== known) return 'never';
  const left: Condition = rest;
  if (any !== undefined) {
    const alternatives = any.map((one) => narrow(one, answers)).filter((one) => one !== 'never');
    if (alternatives.length === 0) return 'never';
    const open = alternatives.filter((one) => one !== 'always');
    if (open.length === alternatives.length) left.any = open;
  }
  if (not !== undefined) {
    const refused = narrow(not, answers);
    if (refused === 'always') return 'never';
    if (refused !== 'never') left.not = refused;
  }
  return Object.keys(left).length === 0 ? 'always' : left;
}

/** Every pattern of names that `narrow` can ask for, once. Those inside `line` are about other statements. */
export function namePatterns(conditions: readonly Condition[]): string[] {
  const found = new Set<string>();
  for (const { name, any = [], not } of conditions) {
    if (name !== undefined) found.add(name);
    for (const pattern of namePatterns(not === undefined ? any : [...any, not])) found.add(pattern);
  }
  return [...found];
}

/** Answers about one name; names with the same `signature` leave the same to ask. */
export function askNames(patterns: readonly string[], isKnown: (name: string) => boolean) {
  const tests = patterns.map((pattern) => [pattern, toPattern(pattern, true)] as const);
  return function ask(name: string): NameAnswers & { readonly signature: string } {
    const named = new Set(tests.filter(([, test]) => test.test(name)).map(([pattern]) => pattern));
    const known = isKnown(name);
    return {
      signature: `${known}\n${[...named].join('\n')}`,
      isKnown: known,
      isNamed: (pattern) => named.has(pattern),
    };
  };
}
