import type { RotateKeyParameters } from '@cerberusmesh/contract/managed-key';
import { z } from 'zod';
import type { Task } from '../action.ts';
import { linesWith, withKeyBack, withKeyBeside, withoutKey } from './authorized-keys.ts';
import { makeKeyPair } from './key-pair.ts';
import { editRemoteFile } from './remote-file.ts';
import { findRotationObjection, handOverOnce, type KeyRotationParts } from './rotation-parts.ts';
import { defineWay, type RotationWay } from './rotation-way.ts';
import { canLogin, loginWith, type SshHost, type SshLogin } from './ssh-host.ts';

const Plan = z.object({
  name: z.string(),
  host: z.string(),
  port: z.number(),
  username: z.string(),
  hostKey: z.string(),
  path: z.string(),
  old: z.object({ publicKey: z.string(), sealedKey: z.string(), rotatedAt: z.coerce.date().nullable() }),
  new: z.object({ publicKey: z.string(), sealedKey: z.string() }),
});
type Plan = z.infer<typeof Plan>;
type RotateTask = Task<RotateKeyParameters, Plan>;

/**
 * A key on a host: at every moment at least one of the two keys logs in. Each step looks at what stands on the host, so a
 * run that was killed anywhere is begun again or taken back from whatever it left.
 */
export function createSshRotation(parts: KeyRotationParts): RotationWay {
  const { keys, vault, clock } = parts;
  return defineWay({
    plan: Plan,
    check: async ({ key = '' }) => await findRotationObjection(parts, key),
    async makePlan({ key = '' }) {
      const managed = await keys.find(key);
      if (managed?.kind !== 'ssh' || !vault) throw new Error(`The key ${key} is no longer there.`);
      const { name, host, port, username, hostKey, authorizedKeys, publicKey, sealedKey, rotatedAt } = managed;
      const made = makeKeyPair();
      const old = { publicKey, sealedKey, rotatedAt };
      const sealedNew = await vault.seal(name, made.privateKey);
      return {
        ...{ name, host, port, username, hostKey, path: authorizedKeys, old },
        new: { publicKey: made.publicKey, sealedKey: sealedNew },
      };
    },
    run: rotate,
    verify: look,
    undo: putBack,
  });

  async function rotate(task: RotateTask): Promise<Readonly<Record<string, unknown>>> {
    const { plan, step } = task;
    const logins = await openLogins(task);
    await withLogin(logins.old, logins.new, async (host) => {
      await editRemoteFile(host, plan.path, async (text) => {
        await keepOldLines(task, linesWith(text, plan.old.publicKey));
        return withKeyBeside(text, plan.old.publicKey, plan.new.publicKey);
      });
    });
    await step('new key installed');
    const host = await loginWith(logins.new);
    if (!host) throw new Error(`${plan.host} refuses the new key.`);
    try {
      await step('new key logs in');
      await handOverOnce(parts, task, plan.name, logins.new.privateKey);
      await editRemoteFile(host, plan.path, (text) => withoutKey(text, plan.old.publicKey));
    } finally {
      host.close();
    }
    await step('old key removed');
    if (await canLogin(logins.old))
      throw new Error(`${plan.host} still takes the old key, from another place than ${plan.path}.`);
    await step('old key fails');
    const { publicKey, sealedKey } = plan.new;
    await keys.replace(plan.name, { publicKey, sealedKey, rotatedAt: clock.now() });
    return { key: plan.name, publicKey };
  }

  /** Written down before the file is touched: they are what undoing puts back, byte for byte. */
  async function keepOldLines(task: RotateTask, lines: readonly string[]): Promise<void> {
    if (oldLinesOf(task) !== undefined) return;
    const { path, host } = task.plan;
    if (lines.length === 0) throw new Error(`${path} on ${host} does not hold the old key, so nothing was changed.`);
    await task.step('old key found', { lines });
  }

  async function look(task: RotateTask) {
    const logins = await openLogins(task);
    const { host } = task.plan;
    if (!(await canLogin(logins.new))) return { verified: false, looked: true, why: `${host} refuses the new key.` };
    if (await canLogin(logins.old)) return { verified: false, looked: true, why: `${host} still takes the old key.` };
    return { verified: true, looked: true, why: `${host} takes the new key and refuses the old one.` };
  }

  async function putBack(task: RotateTask): Promise<string | undefined> {
    const { plan } = task;
    const lines = oldLinesOf(task);
    // Nothing was changed before they were written down.
    if (lines !== undefined) {
      const logins = await openLogins(task);
      await withLogin(logins.old, logins.new, async (host) => {
        await editRemoteFile(host, plan.path, (text) => withKeyBack(text, plan.new.publicKey, lines));
      });
      if (!(await canLogin(logins.old))) return `${plan.host} refuses the old key, though it was put back.`;
    }
    await keys.replace(plan.name, plan.old);
    return undefined;
  }

  async function openLogins({ plan, signal }: RotateTask): Promise<{ old: SshLogin; new: SshLogin }> {
    if (!vault) throw new Error('There is no master key to open the keys with; set CERBERUS_MASTER_KEY.');
    const { name, host, port, username, hostKey } = plan;
    const at = { host, port, username, hostKey, signal };
    const [old, made] = await Promise.all([vault.open(name, plan.old.sealedKey), vault.open(name, plan.new.sealedKey)]);
    return { old: { ...at, privateKey: old }, new: { ...at, privateKey: made } };
  }
}

/** With whichever of the two keys logs in. */
async function withLogin(first: SshLogin, second: SshLogin, work: (host: SshHost) => Promise<void>): Promise<void> {
  const host = (await loginWith(first)) ?? (await loginWith(second));
  if (!host) throw new Error(`${first.host} takes neither the old key nor the new one.`);
  try {
    await work(host);
  } finally {
    host.close();
  }
}

function oldLinesOf({ steps }: RotateTask): readonly string[] | undefined {
  const found = steps.find(({ name }) => name === 'old key found');
  return found && z.object({ lines: z.array(z.string()) }).parse(found.details).lines;
}
