import type { Action } from '../../src/act/action.ts';
import { fingerprintOf } from '../../src/act/rotate-key/key-pair.ts';
import { createRotateKey, type RotateKeyParts, type Vault } from '../../src/act/rotate-key/rotate-key.ts';
import { openSealedAside, sealAside } from '../../src/config/seal.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Database } from '../../src/store/database.ts';
import { createManagedKeyStore } from '../../src/store/managed-keys.ts';

const masterKey = 'a master key of the tests, long enough';

export const testVault: Vault = {
  seal: (name, text) => sealAside(text, name, masterKey),
  open: (name, sealed) => openSealedAside(sealed, name, masterKey),
};

/** `rotate_key` on the real table, as compose/managed-keys.ts builds it. */
export function createTestRotation(database: Database, other: Partial<RotateKeyParts> = {}): Action {
  const store = createManagedKeyStore(database.pool);
  return createRotateKey({
    keys: {
      ...store,
      replace: (name, key) => store.replace(name, { ...key, fingerprint: fingerprintOf(key.publicKey) }),
    },
    vault: testVault,
    clock: systemClock,
    ...other,
  });
}
