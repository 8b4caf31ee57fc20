import type { VersionedPolicy } from '../decide/decide.ts';
import { findUnknownNames } from '../decide/unknown-names.ts';
import { reasonOf } from '../kit/reason-of.ts';
import { readKnownNames } from './known-names.ts';

/**
 * Warns of each name in a policy that nothing here is called. The policy is used nevertheless: a rule that asks for
 * what there is none of never holds, and without its other rules nobody would be protected.
 */
export async function warnOfUnknownNames(
  { policy, version }: VersionedPolicy,
  file: string,
  log: { warn(fields: object, sentence: string): unknown },
): Promise<void> {
  try {
    for (const fault of findUnknownNames(policy, await readKnownNames()))
      log.warn({ file, version }, `The policy's ${fault}`);
  } catch (error) {
    log.warn({ file }, `The names in the policy were not compared with what there is: ${reasonOf(error)}`);
  }
}
