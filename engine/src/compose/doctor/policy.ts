import type { Finding } from '@cerberusmesh/contract/doctor';
import type { Config } from '../../config.ts';
import { findUnknownNames } from '../../decide/unknown-names.ts';
import type { Database } from '../../store/database.ts';
import { policyFileOf, readPolicyFile } from '../compose-decide.ts';
import { readKnownNames } from '../known-names.ts';
import { findMissingHere } from '../unknown-names.ts';
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

/** What the policy names of this installation and is not there. One that cannot be read is the other check's. */
export async function checkPolicyHere({ pool }: Pick<Database, 'pool'>, config: Config): Promise<readonly Finding[]> {
  const read = await readPolicyFile(policyFileOf(config)).catch(() => undefined);
  const missing = read === undefined ? [] : await findMissingHere(read.policy, { config, pool });
  const fix = 'Put that right in the policy or here; until then that part of it does nothing.';
  return missing.map((says) => fault('policy names', `${policyFileOf(config)}: ${says}.`, fix));
}
