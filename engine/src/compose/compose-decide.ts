import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Config } from '../config.ts';
import type { VersionedPolicy } from '../decide/decide.ts';
import { readPolicy } from '../decide/read-policy.ts';
import type { KnownNames } from '../decide/unknown-names.ts';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { Database } from '../store/database.ts';
import { findDone } from '../store/decisions.ts';
import { keepPolicy } from '../store/policies.ts';
import type { SettingsStore } from '../store/settings.ts';
import { createAttackerSignals } from './attacker-signals.ts';
import { createControlGroup } from './control-group.ts';
import { createDecider, type Decider, type DeciderOptions } from './decider.ts';
import { type EffectMeasure, measureEffects } from './measure-effects.ts';
import { projectDir } from './project.ts';
import { warnOfUnknownNames } from './unknown-names.ts';

export interface ComposedDecide extends Decider {
  readonly policyVersion: () => string;
  /** Call before `decide`, with the addresses that it will be asked about. */
  readonly recallAttackers: (addresses: readonly string[]) => Promise<void>;
  /** Reads the policy's file again and uses it from the next batch on. @throws CerberusError BAD_POLICY; the old one stays. */
  reloadPolicy(): Promise<VersionedPolicy>;
  /** The file's, with the allowed networks among those about which nothing is done. */
  currentPolicy(): VersionedPolicy;
  /** As it stands in the file. */
  policyOfFile(): VersionedPolicy;
  /** To be called when `allowed` gives others. */
  useAllowed(): void;
  readonly effect: EffectMeasure;
}

const dayMs = 86_400_000;

/** The decide stage on its policy file and on what was done before. @throws CerberusError BAD_POLICY */
export async function composeDecide(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly installKey: Uint8Array;
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly recordedSensor: string;
  readonly clock: Clock;
  readonly log: { warn(fields: object, sentence: string): unknown };
  /** What others know of a session beyond its address: its campaign, what the language model said. */
  readonly signalsOf?: NonNullable<DeciderOptions['signalsOf']>;
  /** Networks that people said are to be left alone. */
  readonly allowed?: () => readonly string[];
}): Promise<ComposedDecide> {
  const { config, database, installKey, settings, recordedSensor, clock, log, signalsOf, allowed = () => [] } = parts;
  const attackers = createAttackerSignals({ database, clock });
  const file = policyFileOf(config);
  const here = { file, config, pool: database.pool, log };
  let ofFile = await readPolicyFile(file);
  await keepPolicy(database.pool, ofFile, file);
  await warnOfUnknownNames(ofFile, here);
  let policy = leaveAlone(ofFile, allowed());
  const isControl = createControlGroup(installKey, config.agent.controlShare);
  const decider = createDecider({
    policy,
    settings: settings.current,
    done: await findDone(database.pool, new Date(clock.now().getTime() - dayMs)),
    isControl,
    recordedSensor,
    clock,
    signalsOf: (change) => ({
      ...attackers.signalsOf(change),
      ...signalsOf?.(change),
    }),
  });
  const effect = measureEffects({
    ...{ database, clock, isControl, controlShare: config.agent.controlShare },
    useLureCounts: decider.useLureCounts,
    onFailure: (error) => log.warn({ err: error }, 'How sessions went is counted later; nothing is lost.'),
  });
  return {
    ...decider,
    effect,
    recallAttackers: attackers.recall,
    policyVersion: () => policy.version,
    currentPolicy: () => policy,
    policyOfFile: () => ofFile,
    useAllowed,
    reloadPolicy,
  };

  async function reloadPolicy(): Promise<VersionedPolicy> {
    const read = await readPolicyFile(file);
    await keepPolicy(database.pool, read, file);
    await warnOfUnknownNames(read, here);
    ofFile = read;
    useAllowed();
    return read;
  }

  function useAllowed(): void {
    policy = leaveAlone(ofFile, allowed());
    decider.usePolicy(policy);
  }
}

/** Nothing is done about these networks either. The version stays: it names the rules. */
export function leaveAlone(given: VersionedPolicy, networks: readonly string[]): VersionedPolicy {
  if (networks.length === 0) return given;
  const { guards } = given.policy;
  const never = { ...guards.never, networks: [...guards.never.networks, ...networks] };
  return { ...given, policy: { ...given.policy, guards: { ...guards, never } } };
}

/** The configured file, else the one that comes with the project. */
export function policyFileOf({ agent }: Config): string {
  return agent.policyFile ?? join(projectDir, 'policy', 'decisions', 'default.json');
}

/** @throws CerberusError BAD_POLICY where it cannot be read or has faults. */
export async function readPolicyFile(file: string, known?: KnownNames): Promise<VersionedPolicy> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CerberusError('BAD_POLICY', `${file} cannot be read: ${reasonOf(cause)}`, cause);
  });
  return readPolicy(text, file, known);
}
