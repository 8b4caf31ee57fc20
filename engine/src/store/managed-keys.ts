import type { ManagedKey, ManagedKeyRecord } from '@cerberusmesh/contract/managed-key';
import type pg from 'pg';
import { isoColumn } from './read/statement.ts';

export interface NewManagedKey extends Omit<ManagedKey, 'rotatedAt'> {
  readonly fingerprint: string;
}

const recordColumns = `name, host, port, username, host_key, authorized_keys, public_key, fingerprint, rest_hours,
  ${isoColumn('created_at')}, ${isoColumn('rotated_at')}`;

/** Keys of real hosts. Private ones come here sealed, and are given to nobody but the action. */
export function createManagedKeyStore(pool: pg.Pool) {
  return {
    async find(name: string): Promise<ManagedKey | undefined> {
      const { rows } = await pool.query<ManagedKey>(
        `select name, host, port, username, host_key as "hostKey", authorized_keys as "authorizedKeys",
                public_key as "publicKey", sealed_key as "sealedKey", rest_hours as "restHours",
                rotated_at as "rotatedAt"
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
        `insert into managed_keys (name, host, port, username, host_key, authorized_keys, public_key, fingerprint,
                                   sealed_key, rest_hours)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (name) do update
           set host = excluded.host, port = excluded.port, username = excluded.username, host_key = excluded.host_key,
               authorized_keys = excluded.authorized_keys, public_key = excluded.public_key,
               fingerprint = excluded.fingerprint, sealed_key = excluded.sealed_key,
               rest_hours = excluded.rest_hours, rotated_at = null`,
        [
          ...[key.name, key.host, key.port, key.username, key.hostKey, key.authorizedKeys],
          ...[key.publicKey, key.fingerprint, key.sealedKey, key.restHours],
        ],
      );
    },

    /** Answers whether there was one. */
    async remove(name: string): Promise<boolean> {
      const { rowCount } = await pool.query('delete from managed_keys where name = $1', [name]);
      return rowCount === 1;
    },

    async replace(
      name: string,
      key: { publicKey: string; fingerprint: string; sealedKey: string; rotatedAt: Date | null },
    ): Promise<void> {
      await pool.query(
        'update managed_keys set public_key = $2, fingerprint = $3, sealed_key = $4, rotated_at = $5 where name = $1',
        [name, key.publicKey, key.fingerprint, key.sealedKey, key.rotatedAt],
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
