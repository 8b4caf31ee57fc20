import type { ManagedKeyRecord } from '@cerberusmesh/contract/managed-key';
import { expect, it } from 'vitest';
import { makeKeyPair, md5FingerprintOf } from '../act/rotate-key/key-pair.ts';
import { createTriedKeys } from './tried-keys.ts';

it('a managed key is told by its MD5, as Cowrie writes it, and by its user name unless that is root', async () => {
  const [web, base] = [aKey('web-1', 'deploy'), aKey('base-1', 'root')];
  let keys = [web, base];
  const tried = createTriedKeys(async () => keys);
  expect(tried.find(login('deploy'))).toBeNull();
  await tried.refresh();
  expect(md5FingerprintOf(base.public_key)).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  expect(tried.find(login('anybody', md5FingerprintOf(base.public_key)))).toBe('base-1');
  expect(tried.find(login('deploy'))).toBe('web-1');
  expect(tried.find(login('root'))).toBeNull();
  expect(tried.find({})).toBeNull();
  keys = [];
  await tried.refresh();
  expect(tried.find(login('deploy'))).toBeNull();
});

function login(username: string, keyFingerprint: string | null = null) {
  return { lastLogin: { username, keyFingerprint } };
}

function aKey(name: string, username: string): ManagedKeyRecord {
  return {
    ...{ name, username, host: 'example.org', port: 22, host_key: '', authorized_keys: '', fingerprint: '' },
    ...{ kind: 'ssh', region: null, pair_name: null },
    ...{ public_key: makeKeyPair().publicKey, rest_hours: 24, created_at: '', rotated_at: null },
  };
}
