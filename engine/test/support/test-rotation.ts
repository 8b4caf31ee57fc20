import type { Action } from '../../src/act/action.ts';
import { fingerprintOf } from '../../src/act/rotate-key/key-pair.ts';
import { openKeyPairs } from '../../src/act/rotate-key/key-pairs-at-aws.ts';
import { createReplant, type ReplantParts } from '../../src/act/rotate-key/replant-lure.ts';
import { createRotateKey } from '../../src/act/rotate-key/rotate-key.ts';
import { createKeyPairRotation } from '../../src/act/rotate-key/rotate-key-pair.ts';
import { createSshRotation } from '../../src/act/rotate-key/rotate-ssh-key.ts';
import type { KeyRotationParts, Vault } from '../../src/act/rotate-key/rotation-parts.ts';
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
export function createTestRotation(
  database: Database,
  { awsUrl = 'http://127.0.0.1:1', lures = noLures, ...other }: TestRotationParts = {},
): Action {
  const store = createManagedKeyStore(database.pool);
  const parts: KeyRotationParts = {
    keys: {
      ...store,
      replace: (name, key) => store.replace(name, { ...key, fingerprint: fingerprintOf(key.publicKey) }),
    },
    vault: testVault,
    clock: systemClock,
    ...other,
  };
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  const pairsOf = openKeyPairs({ credentials, endpoint: awsUrl, installation: 'a-test' });
  const ways = {
    ssh: createSshRotation(parts),
    ec2: createKeyPairRotation({ ...parts, pairsOf }),
    lure: createReplant(lures),
  };
  return createRotateKey(ways, parts.keys);
}

export interface TestRotationParts extends Partial<KeyRotationParts> {
  readonly awsUrl?: string;
  readonly lures?: ReplantParts;
}

const noLures: ReplantParts = {
  findLure: async () => undefined,
  rollback: async () => undefined,
  adapt: () => Promise.reject(new Error('no lures here')),
  findPlanting: async () => undefined,
};
