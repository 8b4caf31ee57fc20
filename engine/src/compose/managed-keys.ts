import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { ManagedKey } from '@cerberusmesh/contract/managed-key';
import type { Action } from '../act/action.ts';
import { fingerprintOf, publicKeyOf } from '../act/rotate-key/key-pair.ts';
import { createRotateKey, type Vault } from '../act/rotate-key/rotate-key.ts';
import { openSealedAside, sealAside } from '../config/seal.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Secret } from '../kit/secret.ts';
import type { ManagedKeys } from '../serve/routes/managed-keys.ts';
import type { Database } from '../store/database.ts';
import { createManagedKeyStore } from '../store/managed-keys.ts';
import { createTriedKeys, type TriedKeys } from './tried-keys.ts';

/** Keys of real hosts: the action that rotates them, and the part that serves what is known of them. */
export function composeManagedKeys(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
}): { readonly action: Action; readonly keys: ManagedKeys; readonly tried: TriedKeys } {
  const { config, database, clock } = parts;
  const store = createManagedKeyStore(database.pool);
  const tried = createTriedKeys(store.list);
  const vault = config.state.masterKey === null ? null : createVault(config.state.masterKey);
  const command = config.keys.command;
  const action = createRotateKey({
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
  });

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
          ...{ name, host: order.host, port: order.port, username: order.username, hostKey: order.host_key },
          ...{ authorizedKeys: order.authorized_keys, restHours: order.rest_hours },
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
  const child = spawn(command, [key.name, key.username, key.host, String(key.port)], {
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
