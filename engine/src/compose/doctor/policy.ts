import type { Finding } from '@cerberusmesh/contract/doctor';
import type { Config } from '../../config.ts';
import { findUnknownNames } from '../../decide/unknown-names.ts';
import { policyFileOf, readPolicyFile } from '../compose-decide.ts';
import { readKnownNames } from '../known-names.ts';
import { fault, sound } from './finding.ts';

/** Whether the policy can be read, and names only what there is. @throws CerberusError BAD_POLICY */
export async function checkPolicyFile(config: Config): Promise<readonly Finding[]> {
  const file = policyFileOf(config);
  const { policy, version } = await readPolicyFile(file);
  const unknown = findUnknownNames(policy, await readKnownNames());
  if (unknown.length === 0) return [sound('policy', `${policy.rules.length} rules, version ${version}.`)];
  const fix = 'Put that name right (the rule never holds), and reload the policy.';
  return unknown.map((says) => fault('policy', `${file}: ${says}`, fix));
}
