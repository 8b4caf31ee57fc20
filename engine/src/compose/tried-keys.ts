import type { SessionState } from '@cerberusmesh/contract/assessment';
import type { ManagedKeyRecord } from '@cerberusmesh/contract/managed-key';
import { md5FingerprintOf } from '../act/rotate-key/key-pair.ts';

/** Which managed key a visitor tries, asked for every session: two looks into Maps, none while no key is managed. */
export interface TriedKeys {
  /** The key's name; null where it is nobody's. */
  find(session: Pick<SessionState, 'lastLogin'>): string | null;
  /** Reads what is managed now. */
  refresh(): Promise<void>;
}

/** Which of our managed keys a login tried, from memory: decide asks with every change. */
export function createTriedKeys(list: () => Promise<readonly ManagedKeyRecord[]>): TriedKeys {
  let byUsername = new Map<string, string>();
  let byFingerprint = new Map<string, string>();
  return {
    find({ lastLogin }) {
      if (byFingerprint.size === 0 || !lastLogin) return null;
      const { username, keyFingerprint } = lastLogin;
      return byFingerprint.get(keyFingerprint ?? '') ?? byUsername.get(username) ?? null;
    },
    async refresh() {
      const keys = await list();
      // Everybody tries root: that says nothing about a host of ours.
      byUsername = new Map(
        keys.flatMap(({ username, name }) => (username === null || username === 'root' ? [] : [[username, name]])),
      );
      // Cowrie tells a public key by its MD5.
      byFingerprint = new Map(keys.map((key) => [md5FingerprintOf(key.public_key), key.name]));
    },
  };
}
