import type { ManagedKey, ManagedKeyPair, ManagedKeyRecord, ManagedSshKey } from '@cerberusmesh/contract/managed-key';
import type pg from 'pg';
import { isoColumn } from './read/statement.ts';

interface Printed {
  readonly fingerprint: string;
}
export type NewManagedKey =
  | (Omit<ManagedSshKey, 'rotatedAt'> & Printed)
  | (Omit<ManagedKeyPair, 'rotatedAt'> & Printed);

const recordColumns = `name, kind, host, port, username, host_key, authorized_keys, region, pair_name, public_key,
  fingerprint, rest_hours, ${isoColumn('created_at')}, ${isoColumn('rotated_at')}`;

/** Keys of real hosts and pairs at AWS. Private ones come here sealed, and are given to nobody but the action. */
export function createManagedKeyStore(pool: pg.Pool) {
  return {
    async find(name: string): Promise<ManagedKey | undefined> {
      // A constraint of the table says that a row has what its kind needs.
      const { rows } = await pool.query<ManagedKey>(
        `select name, kind, host, port, username, host_key as "hostKey", authorized_keys as "authorizedKeys",
                region, pair_name as "pairName", public_key as "publicKey", sealed_key as "sealedKey",
                rest_hours as "restHours", rotated_at as "rotatedAt"
           from managed_keys where name = $1`,
        [name],
      );
      return rows[0];
    },

    async list(): Promise<ManagedKeyRecord[]> {
      const { rows } = await pool.query<ManagedKeyRecord>(
        `select ${recordColumns} from managed_keys order by managed_keys.name limit 10000`,
      );
      return rows;
    },

    /** A key of this name is replaced. */
    async put(key: NewManagedKey): Promise<void> {
      await pool.query(
        `insert into managed_keys (name, kind, host, port, username, host_key, authorized_keys, region, pair_name,
                                   public_key, fingerprint, sealed_key, rest_hours)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (name) do update
           set kind = excluded.kind, host = excluded.host, port = excluded.port, username = excluded.username,
               host_key = excluded.host_key, authorized_keys = excluded.authorized_keys, region = excluded.region,
               pair_name = excluded.pair_name, public_key = excluded.public_key, fingerprint = excluded.fingerprint,
               sealed_key = excluded.sealed_key, rest_hours = excluded.rest_hours, rotated_at = null`,
        [...[key.name, key.kind, ...placeOf(key)], ...[key.publicKey, key.fingerprint, key.sealedKey, key.restHours]],
      );
    },

    /** Answers whether there was one. */
    async remove(name: string): Promise<boolean> {
      const { rowCount } = await pool.query('delete from managed_keys where name = $1', [name]);
      return rowCount === 1;
    },

    async replace(
      name: string,
      key: { publicKey: string; fingerprint: string; sealedKey: string; rotatedAt: Date | null; pairName?: string },
    ): Promise<void> {
      await pool.query(
        `update managed_keys
            set public_key = $2, fingerprint = $3, sealed_key = $4, rotated_at = $5, pair_name = coalesce($6, pair_name)
          where name = $1`,
        [name, key.publicKey, key.fingerprint, key.sealedKey, key.rotatedAt, key.pairName ?? null],
      );
    },

    /** Of the keys that a session tried, by user name or public key: a walk along that session's events only. Everybody tries root. */
    async findTried(sensor: string, sessionId: string): Promise<readonly string[]> {
      const { rows } = await pool.query<{ name: string }>(
        `select k.name from managed_keys k
          where exists (select from events e
                         where e.session_id = $2 and e.sensor = $1 and e.event_type in ('cowrie.login.success', 'cowrie.login.failed', 'cowrie.client.fingerprint')
                           and (e.username = k.username and k.username <> 'root'
                                or split_part(e.raw_event->>'key', ' ', 2) = split_part(k.public_key, ' ', 2)))
          order by k.name limit 100`,
        [sensor, sessionId],
      );
      return rows.map(({ name }) => name);
    },
  };
}

function placeOf(key: NewManagedKey): unknown[] {
  return key.kind === 'ssh'
    ? [key.host, key.port, key.username, key.hostKey, key.authorizedKeys, null, null]
    : [null, null, null, null, null, key.region, key.pairName];
}
