import type { Policy } from '@cerberusmesh/contract/policy';
import type { Config } from '../config.ts';
import type { VersionedPolicy } from '../decide/decide.ts';
import { describeMissing, listNamedHere, type NamedHere } from '../decide/named-here.ts';
import { findUnknownNames } from '../decide/unknown-names.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { Database } from '../store/database.ts';
import { findNeverSeen } from '../store/named-in-policy.ts';
import { readKnownNames } from './known-names.ts';
import { loadPlugins } from './plugins.ts';
import { hasChannel } from './tell-people.ts';

/**
 * Warns of each name in a policy that nothing here is called. The policy is used nevertheless: a rule that asks for
 * what there is none of never holds, and without its other rules nobody would be protected.
 */
export async function warnOfUnknownNames(
  { policy, version }: VersionedPolicy,
  here: Here & { readonly file: string; readonly log: { warn(fields: object, sentence: string): unknown } },
): Promise<void> {
  const { file, log } = here;
  try {
    const faults = [...findUnknownNames(policy, await readKnownNames()), ...(await findMissingHere(policy, here))];
    for (const fault of faults) log.warn({ file, version }, `The policy's ${fault}`);
  } catch (error) {
    log.warn({ file }, `The names in the policy were not compared with what there is: ${reasonOf(error)}`);
  }
}

/** What is wrong with a plugin is said where it is loaded to be used. */
const quiet = { info: () => undefined, error: () => undefined };

interface Here {
  readonly config: Config;
  readonly pool: Database['pool'];
}

/** A sentence for each sensor, managed key and plugin that this installation has none of, and for each rule that tells nobody. */
export async function findMissingHere(policy: Policy, { config, pool }: Here): Promise<string[]> {
  const named = listNamedHere(policy);
  const namesOf = (wanted: NamedHere['kind']) => named.filter(({ kind }) => kind === wanted).map(({ name }) => name);
  const plugins = namesOf('plugin').length === 0 ? [] : (await loadPlugins(config, quiet)).actionNames;
  const unseen = await findNeverSeen(pool, { sensors: namesOf('sensor'), managedKeys: namesOf('managed key') });
  const isMissing: Record<NamedHere['kind'], (name: string) => boolean> = {
    sensor: (name) => unseen.sensors.includes(name),
    'managed key': (name) => unseen.managedKeys.includes(name),
    plugin: (name) => (name === '' ? plugins.length === 0 : !plugins.includes(name)),
    // The policy that comes with the project is made to be used without a channel too: then the dashboard tells.
    channel: () => config.agent.policyFile !== null && !hasChannel(config),
  };
  return named.filter(({ kind, name }) => isMissing[kind](name)).map(describeMissing);
}
