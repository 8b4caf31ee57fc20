import { z } from 'zod';
import { Score } from './assessment.ts';
import { AdaptationType, DecisionKind } from './decision.ts';
import { Severity } from './severity.ts';

/** All of what is named must hold. A rule with no condition holds for every session. */
export const RuleCondition = z.strictObject({
  severityAtLeast: Severity.optional(),
  threatScoreAtLeast: Score.optional(),
  /** Technique ids; a parent (`T1552`) covers its sub-techniques. */
  techniquesAny: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/)).optional(),
  attackTypesAny: z.array(z.string()).optional(),
  /** Words that tell what the visitor looks for; any of them, in any of his latest commands, in any case. */
  looksForAny: z.array(z.string().min(2)).optional(),
});
export type RuleCondition = Readonly<z.infer<typeof RuleCondition>>;

export const PolicyRule = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** A sentence that ends up in the decision. */
  why: z.string(),
  when: RuleCondition,
  decision: DecisionKind,
  adaptations: z.array(AdaptationType).default([]),
});
export type PolicyRule = Readonly<z.infer<typeof PolicyRule>>;

/** The rules in order: of each kind of decision, the first that holds is taken. */
export const Policy = z
  .strictObject({ $schema: z.string().optional(), version: z.string(), rules: z.array(PolicyRule).min(1) })
  .refine(
    (policy) => new Set(policy.rules.map((rule) => rule.id)).size === policy.rules.length,
    'two rules have one id',
  );
export type Policy = Readonly<z.infer<typeof Policy>>;
