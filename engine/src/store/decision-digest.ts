import { hash } from 'node:crypto';
import type { Decision } from '@cerberusmesh/contract/decision';
import { canonicalJson } from './canonical-json.ts';

/** What a decision says, hashed: sha-256 in hexadecimal. The same for a decision as it was made and as the table gives it back. */
export function digestOf(decision: Omit<Decision, 'inputs'> & { readonly inputs: unknown }): string {
  return hash('sha256', contentOf(decision, canonicalJson(decision.inputs)));
}

/** What is hashed, as JSON; `inputs` are canonical JSON already, since they are most of it and whoever stores them has made it. */
export function contentOf(d: Omit<Decision, 'inputs'>, inputs: string): string {
  // The table keeps scores as `real`: rounded here in the same way.
  const scores = [Math.fround(d.threatScore), Math.fround(d.confidence)];
  const plan = [d.also, d.parameters, d.lifetimeSeconds, d.approvalSeconds, d.quietUntil, d.draws];
  // Left out where there are none: so were they in decisions from before there could be any.
  const beside = Object.keys(d.alsoParameters).length === 0 ? '' : `,${canonicalJson(d.alsoParameters)}`;
  const texts = [d.id, d.decidedAt, d.decision, d.verdict, d.wanted, d.guard, d.target, d.rule, d.why, d.sensor];
  const more = [d.sessionId, d.sourceIp, d.eventId, d.severity, d.policyVersion, d.modelVersion];
  const before = canonicalJson([...texts, ...more, d.adaptations, scores, plan]);
  return `${before.slice(0, -1)},${inputs}${beside}]`;
}
