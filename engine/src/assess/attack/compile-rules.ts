import { createRecentAnswers } from '../../kit/recent-answers.ts';
import { remembered } from '../remembered.ts';
import type { ShellReading } from '../shell/statement.ts';
import { createCompile, nameCharactersMax, type Test } from './ask-statement.ts';
import { askNames, namePatterns, narrow } from './narrow.ts';
import { createNeeds } from './needs.ts';
import type { PlacedRule } from './rule.ts';
import type { Subject } from './subject.ts';

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

/** Names whose rules are kept at hand; attackers make names up, so there is no end of them, but nearly all are alike to the rules. */
const keptNamesMax = 2_048;
const keptSignaturesMax = 512;

interface Candidate {
  readonly rule: PlacedRule;
  /** Bits of `needs.ts`. */
  readonly needs: number;
  readonly test: Test;
}

/**
 * Turns rules into tests. What a command's name answers is asked once per name (`narrow.ts`), not once per statement; a
 * statement is only asked what is left, and only where it has what that asks for (`needs.ts`).
 */
export function compileRules(rules: readonly PlacedRule[], knownCommands: ReadonlySet<string>): AttackRules {
  const ask = askNames(namePatterns(rules.map(({ when }) => when)), isKnown);
  const byName = createRecentAnswers<readonly Candidate[]>(keptNamesMax);
  const bySignature = createRecentAnswers<readonly Candidate[]>(keptSignaturesMax);
  const { needsOf, hasOf } = createNeeds(rules.map(({ when }) => when));
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
      const has = hasOf(subject);
      for (const { rule, needs, test } of candidates(subject.statement.name))
        if ((needs & has) !== 0 && test(subject)) hits.push({ rule, statement: at });
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
          if (left === 'always') return { rule, needs: -1, test: () => true };
          return { rule, needs: needsOf(left), test: compile(left) };
        }),
      );
    });
  }
}
