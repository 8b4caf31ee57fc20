import type { RotateKeyParameters } from '@cerberusmesh/contract/managed-key';
import { z } from 'zod';
import type { Task } from '../action.ts';
import { makeKeyPair } from './key-pair.ts';
import type { KeyPairs } from './key-pairs-at-aws.ts';
import { findRotationObjection, handOverOnce, type KeyRotationParts } from './rotation-parts.ts';
import { defineWay, type RotationWay } from './rotation-way.ts';

const Side = z.object({ pairName: z.string(), publicKey: z.string(), sealedKey: z.string() });
const Plan = z.object({
  name: z.string(),
  region: z.string(),
  old: Side.extend({ rotatedAt: z.coerce.date().nullable() }),
  new: Side,
});
type PairTask = Task<RotateKeyParameters, z.output<typeof Plan>>;

/**
 * A key pair at AWS EC2. The new one is made here, so its private part is sealed and written down before AWS hears of the
 * public one: a kill anywhere loses nothing. A pair only counts for machines that are started later; those that run have the
 * old key in their authorized_keys, and are told of.
 */
export function createKeyPairRotation(
  parts: KeyRotationParts & { readonly pairsOf: (region: string) => KeyPairs },
): RotationWay {
  const { keys, vault, clock, pairsOf } = parts;
  return defineWay({
    plan: Plan,
    async check({ key = '' }) {
      const objection = await findRotationObjection(parts, key);
      if (objection !== undefined) return objection;
      const managed = await keys.find(key);
      if (managed?.kind !== 'ec2') return `${key} is not a key pair at AWS.`;
      const { region, pairName, publicKey } = managed;
      const there = await pairsOf(region).find(pairName, AbortSignal.timeout(20_000));
      if (there === undefined) return `AWS has no key pair ${pairName} in ${region}.`;
      return there === publicKey
        ? undefined
        : `The key pair ${pairName} in ${region} is another key than the one made known.`;
    },
    async makePlan({ key = '' }, _cause, id) {
      const managed = await keys.find(key);
      if (managed?.kind !== 'ec2' || !vault) throw new Error(`The key ${key} is no longer there.`);
      const { name, region, pairName, publicKey, sealedKey, rotatedAt } = managed;
      const made = makeKeyPair();
      return {
        ...{ name, region, old: { pairName, publicKey, sealedKey, rotatedAt } },
        new: {
          pairName: nextName(pairName, id),
          publicKey: made.publicKey,
          sealedKey: await vault.seal(name, made.privateKey),
        },
      };
    },
    run: rotate,
    verify: look,
    undo: putBack,
  });

  async function rotate(task: PairTask): Promise<Readonly<Record<string, unknown>>> {
    const { plan, signal, step } = task;
    const pairs = pairsOf(plan.region);
    if ((await pairs.find(plan.new.pairName, signal)) === undefined) {
      await pairs.add(plan.new.pairName, plan.new.publicKey, signal);
    }
    await step('new pair made', { pair: plan.new.pairName });
    if ((await pairs.find(plan.new.pairName, signal)) !== plan.new.publicKey) {
      throw new Error(`AWS does not list ${plan.new.pairName} with the key that was made.`);
    }
    await step('new pair listed');
    if (!vault) throw new Error('There is no master key to open the new key with; set CERBERUS_MASTER_KEY.');
    await handOverOnce(parts, task, plan.name, await vault.open(plan.name, plan.new.sealedKey));
    const machines = await pairs.listMachines(plan.old.pairName, signal);
    await pairs.remove(plan.old.pairName, signal);
    await step('old pair deleted', { pair: plan.old.pairName });
    await keys.replace(plan.name, { ...plan.new, rotatedAt: clock.now() });
    return { key: plan.name, pair: plan.new.pairName, publicKey: plan.new.publicKey, stillTakeTheOldKey: machines };
  }

  async function look({ plan, signal }: PairTask) {
    const pairs = pairsOf(plan.region);
    const [made, old] = await Promise.all([
      pairs.find(plan.new.pairName, signal),
      pairs.find(plan.old.pairName, signal),
    ]);
    const at = `in ${plan.region}`;
    if (made !== plan.new.publicKey)
      return { verified: false, looked: true, why: `AWS lacks ${plan.new.pairName} ${at}.` };
    if (old !== undefined) return { verified: false, looked: true, why: `AWS still has ${plan.old.pairName} ${at}.` };
    return {
      verified: true,
      looked: true,
      why: `AWS lists ${plan.new.pairName} ${at}, and ${plan.old.pairName} no more.`,
    };
  }

  /** The old pair first: at no moment is there none. */
  async function putBack({ plan, signal }: PairTask): Promise<string | undefined> {
    const pairs = pairsOf(plan.region);
    const there = await pairs.find(plan.old.pairName, signal);
    if (there === undefined) await pairs.add(plan.old.pairName, plan.old.publicKey, signal);
    else if (there !== plan.old.publicKey) return `Somebody made another key pair ${plan.old.pairName} meanwhile.`;
    await keys.replace(plan.name, plan.old);
    await pairs.remove(plan.new.pairName, signal);
    return undefined;
  }
}

/** The same name with another ending: `deploy`, `deploy-1f2e3d4c`, `deploy-5b6a7980`. */
function nextName(pairName: string, id: string): string {
  return `${pairName.replace(/-[0-9a-f]{8}$/, '').slice(0, 200)}-${id.slice(0, 8)}`;
}
