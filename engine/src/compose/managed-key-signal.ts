import { createHash } from 'node:crypto';
import type { SessionChange } from '@cerberusmesh/contract/between-stages';
import type { Clock } from '../kit/clock.ts';
import type { Database } from '../store/database.ts';
import { createManagedKeyStore } from '../store/managed-keys.ts';

const freshMs = 10_000;

/**
 * Tells that the key of one of our own hosts was shown to a honeypot: whoever did that has it. A user name says nothing,
 * because bots try the common ones all day. The list is read anew every ten seconds at most.
 */
export function createManagedKeySignal({ database, clock }: { database: Database; clock: Pick<Clock, 'now'> }) {
  const keys = createManagedKeyStore(database.pool);
  let names: ReadonlyMap<string, string> = new Map();
  let readAtMs = 0;
  return {
    async recall(): Promise<void> {
      const nowMs = clock.now().getTime();
      if (nowMs - readAtMs < freshMs) return;
      readAtMs = nowMs;
      const list = await keys.list();
      names = new Map(list.flatMap(({ name, public_key }) => fingerprintsOf(public_key).map((print) => [print, name])));
    },

    managedKeyOf({ session }: Pick<SessionChange, 'session'>): string | null {
      const shown = session.lastLogin?.keyFingerprint;
      return shown ? (names.get(shown) ?? null) : null;
    },
  };
}

/** As Cowrie tells them (MD5 with colons), and as OpenSSH does since. */
function fingerprintsOf(publicKey: string): string[] {
  const blob = Buffer.from(publicKey.trim().split(/\s+/)[1] ?? '', 'base64');
  const md5 = createHash('md5').update(blob).digest('hex').match(/../g)?.join(':') ?? '';
  const sha256 = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return [md5, `MD5:${md5}`, `SHA256:${sha256}`];
}
