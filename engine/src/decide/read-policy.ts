import { CerberusError } from '@cerberusmesh/contract/errors';
import { Policy } from '@cerberusmesh/contract/policy';
import { z } from 'zod';

/**
 * Reads a policy's text.
 * @throws CerberusError BAD_CONFIGURATION that lists everything that is wrong in it.
 */
export function readPolicy(text: string, place: string): Policy {
  const json = parseJson(text, place);
  const policy = Policy.safeParse(json);
  if (policy.success) return policy.data;
  throw new CerberusError('BAD_CONFIGURATION', `The policy ${place} has faults:\n${z.prettifyError(policy.error)}`);
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CerberusError('BAD_CONFIGURATION', `The policy ${place} is no JSON: ${String(cause)}`, cause);
  }
}
