import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { ManagedKey, ManagedKeyOrder } from '@cerberusmesh/contract/managed-key';
import type { Action } from '../act/action.ts';
import { fingerprintOf, publicKeyOf } from '../act/rotate-key/key-pair.ts';
import { openKeyPairs } from '../act/rotate-key/key-pairs-at-aws.ts';
import { createReplant, type ReplantParts } from '../act/rotate-key/replant-lure.ts';
import { createRotateKey } from '../act/rotate-key/rotate-key.ts';
import { createKeyPairRotation } from '../act/rotate-key/rotate-key-pair.ts';
import { createSshRotation } from '../act/rotate-key/rotate-ssh-key.ts';
import type { KeyRotationParts, Vault } from '../act/rotate-key/rotation-parts.ts';
import { openSealedAside, sealAside } from '../config/seal.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Secret } from '../kit/secret.ts';
import type { ManagedKeys } from '../serve/routes/managed-keys.ts';
import type { Database } from '../store/database.ts';
import { createManagedKeyStore } from '../store/managed-keys.ts';
import { awsAccess } from './aws-access.ts';
import { createTriedKeys, type TriedKeys } from './tried-keys.ts';

/** Keys of real hosts: the action that rotates them, and the part that serves what is known of them. */
export function composeManagedKeys(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  /** Tells our machines and pairs at AWS from those of another installation. */
  readonly installation: string;
  /** For planted keys. */
  readonly lures: ReplantParts;
}): { readonly action: Action; readonly keys: ManagedKeys; readonly tried: TriedKeys } {
  const { config, database, clock, installation } = parts;
  const store = createManagedKeyStore(database.pool);
  const tried = createTriedKeys(store.list);
  const vault = config.state.masterKey === null ? null : createVault(config.state.masterKey);
  const command = config.keys.command;
  const rotation: KeyRotationParts = {
    keys: {
      find: store.find,
      findTried: store.findTried,
      async replace(name, key) {
        await store.replace(name, { ...key, fingerprint: fingerprintOf(key.publicKey) });
        await tried.refresh();
      },
    },
    vault,
    clock,
    ...(command === null
      ? {}
      : { handOver: (key: ManagedKey, text: string, signal: AbortSignal) => handOver(command, key, text, signal) }),
  };
  const pairsOf = openKeyPairs({ ...awsAccess(config), installation });
  const ways = {
    ssh: createSshRotation(rotation),
    ec2: createKeyPairRotation({ ...rotation, pairsOf }),
    lure: createReplant(parts.lures),
  };
  const action = createRotateKey(ways, rotation.keys);

  return {
    action,
    tried,
    keys: {
      list: store.list,
      async remove(name) {
        const isRemoved = await store.remove(name);
        await tried.refresh();
        return isRemoved;
      },
      async put(name, order) {
        if (!vault) {
          throw new CerberusError(
            'CONFLICT',
            'There is no master key to seal it under; make one with `cerberus secret key` and set CERBERUS_MASTER_KEY.',
          );
        }
        const parsed = publicKeyOf(order.private_key);
        if (typeof parsed === 'string') throw new CerberusError('VALIDATION_FAILED', `private_key: ${parsed}`);
        const { publicKey } = parsed;
        await store.put({
          ...{ name, restHours: order.rest_hours, ...placeOf(order) },
          ...{ publicKey, fingerprint: fingerprintOf(publicKey), sealedKey: await vault.seal(name, order.private_key) },
        });
        await tried.refresh();
        const record = (await store.list()).find((candidate) => candidate.name === name);
        if (!record) throw new CerberusError('CONFLICT', `The key ${name} was removed at the same time.`);
        return record;
      },
    },
  };
}

function placeOf(order: ManagedKeyOrder) {
  if (order.kind === 'ec2') return { kind: order.kind, region: order.region, pairName: order.pair_name };
  const { kind, host, port, username, host_key: hostKey, authorized_keys: authorizedKeys } = order;
  return { kind, host, port, username, hostKey, authorizedKeys };
}

/** Under the master key, which never reaches the database; bound to the key's name. */
function createVault(masterKey: Secret): Vault {
  const settingOf = (name: string) => `managed key ${name}`;
  return {
    seal: (name, privateKey) => sealAside(privateKey, settingOf(name), masterKey.reveal()),
    open: (name, sealed) => openSealedAside(sealed, settingOf(name), masterKey.reveal()),
  };
}

/** The program gets the private key on standard input, and nothing of it in arguments, which other users can see. */
async function handOver(command: string, key: ManagedKey, privateKey: string, signal: AbortSignal): Promise<void> {
  const about = key.kind === 'ssh' ? [key.username, key.host, String(key.port)] : [key.pairName, key.region];
  const child = spawn(command, [key.name, ...about], {
    stdio: ['pipe', 'ignore', 'pipe'],
    signal,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (said.length < 300) said += chunk.toString('utf8');
  });
  // A program that ends without reading closes the pipe; its exit code says more.
  child.stdin.on('error', () => undefined);
  child.stdin.end(privateKey);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} did not take the new key (exit code ${code}): ${said.trim()}`);
}
