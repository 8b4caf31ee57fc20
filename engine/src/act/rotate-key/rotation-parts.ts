import type { ManagedKey } from '@cerberusmesh/contract/managed-key';
import type { Clock } from '../../kit/clock.ts';
import type { Task } from '../action.ts';

/** What rotating a real key needs of the rest. */
export interface KeyRotationParts {
  readonly keys: {
    find(name: string): Promise<ManagedKey | undefined>;
    /** Names of the keys whose user name or fingerprint was tried in this session. */
    findTried(sensor: string, sessionId: string): Promise<readonly string[]>;
    /** Makes this the key that is in use from now on. */
    replace(name: string, key: KeyInUse): Promise<void>;
  };
  /** Null where there is no master key. */
  readonly vault: Vault | null;
  /** Gives a new private key to whoever needs it, before the old one is removed; rejects where he does not take it. */
  readonly handOver?: (key: ManagedKey, privateKey: string, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
}

export interface KeyInUse {
  readonly publicKey: string;
  readonly sealedKey: string;
  readonly rotatedAt: Date | null;
  /** Of a pair at AWS. */
  readonly pairName?: string;
}

export interface Vault {
  /** Bound to the key's name: a sealed key opens under no other. */
  seal(name: string, privateKey: string): Promise<string>;
  open(name: string, sealed: string): Promise<string>;
}

const hourMs = 3_600_000;

/** Why this key is not to be rotated now, as a sentence. */
export async function findRotationObjection(
  { keys, vault, clock }: Pick<KeyRotationParts, 'keys' | 'vault' | 'clock'>,
  name: string,
): Promise<string | undefined> {
  if (!vault) return 'There is no master key to seal a new key under; set CERBERUS_MASTER_KEY (cerberus secret key).';
  const key = await keys.find(name);
  if (!key) return `There is no managed key ${name}.`;
  const restsUntil = (key.rotatedAt?.getTime() ?? -Infinity) + key.restHours * hourMs;
  if (restsUntil <= clock.now().getTime()) return undefined;
  return `The key ${name} was rotated at ${key.rotatedAt?.toISOString()} and rests for ${key.restHours} hours.`;
}

const handedOver = 'new key handed over';

/** Once, however often the run begins again. */
export async function handOverOnce(
  { keys, handOver }: Pick<KeyRotationParts, 'keys' | 'handOver'>,
  { steps, signal, step }: Pick<Task<unknown, unknown>, 'steps' | 'signal' | 'step'>,
  name: string,
  privateKey: string,
): Promise<void> {
  const key = await keys.find(name);
  if (!handOver || !key || steps.some((done) => done.name === handedOver)) return;
  await handOver(key, privateKey, signal);
  await step(handedOver);
}
