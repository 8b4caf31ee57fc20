import { createHash } from 'node:crypto';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Policy } from '@cerberusmesh/contract/policy';
import { z } from 'zod';
import type { VersionedPolicy } from './decide.ts';
import { explainFault } from './policy-fault.ts';
import { findUnknownNames, type KnownNames } from './unknown-names.ts';

/**
 * Reads a policy's text. With `known`, names in it that nothing is called are faults too: they never hold.
 * @throws CerberusError BAD_POLICY that lists everything that is wrong in it: the place, what was expected, what came.
 */
export function readPolicy(text: string, place: string, known?: KnownNames): VersionedPolicy {
  return checkPolicy(parseJson(text, place), place, known);
}

/** The same for a policy that came as JSON. @throws CerberusError BAD_POLICY */
export function checkPolicy(given: unknown, place: string, known?: KnownNames): VersionedPolicy {
  const policy = Policy.safeParse(given);
  const faults = [
    ...(policy.error?.issues ?? []).flatMap((issue) => faultsOf(issue, given, place)),
    ...(known === undefined ? [] : findUnknownNames(given, known).map((fault) => `${place}: ${fault}`)),
  ];
  if (policy.success && faults.length === 0) return { policy: policy.data, version: versionOf(policy.data) };
  throw new CerberusError('BAD_POLICY', [...new Set(faults)].join('\n'));
}

function versionOf(policy: Policy): string {
  const hash = createHash('sha256').update(JSON.stringify(policy)).digest('hex');
  return `${policy.version}+${hash.slice(0, 8)}`;
}

function faultsOf(issue: z.core.$ZodIssue, given: unknown, place: string): string[] {
  const rule = ruleAt(issue.path, given);
  const where = `${place}: ${z.core.toDotPath(issue.path) || 'the policy'}${rule === undefined ? '' : ` (rule "${rule}")`}`;
  return explainFault(issue, given).map((fault) => `${where}: ${fault}`);
}

function ruleAt([first, index]: readonly PropertyKey[], given: unknown): string | undefined {
  if (first !== 'rules' || typeof index !== 'number') return undefined;
  const id = z.object({ rules: z.array(z.unknown()) }).safeParse(given).data?.rules[index];
  return z.object({ id: z.string() }).safeParse(id).data?.id;
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CerberusError('BAD_POLICY', `${place} is no JSON: ${cause instanceof Error ? cause.message : ''}`, cause);
  }
}
