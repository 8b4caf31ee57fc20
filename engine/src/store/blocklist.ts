import type { BlockedAddress } from '@cerberusmesh/contract/lock-down';
import type pg from 'pg';

/** The block feed. */
export function createBlocklist(pool: pg.Pool) {
  return {
    async add(entry: { address: string; reason: string; actionId: string; since: Date; until: Date }): Promise<void> {
      await pool.query(
        `insert into blocklist as b (address, reason, action_id, since, until) values ($1, $2, $3, $4, $5)
         on conflict (address) do update set reason = excluded.reason, action_id = excluded.action_id,
           since = least(b.since, excluded.since), until = greatest(b.until, excluded.until)`,
        [entry.address, entry.reason, entry.actionId, entry.since, entry.until],
      );
    },
    async remove(address: string, actionId: string): Promise<void> {
      await pool.query('delete from blocklist where address = $1 and action_id = $2', [address, actionId]);
    },
    async holds(address: string, now: Date): Promise<boolean> {
      const { rowCount } = await pool.query('select 1 from blocklist where address = $1 and until > $2', [
        address,
        now,
      ]);
      return rowCount === 1;
    },
    /** Those whose time is not over, in order. */
    async list(now: Date): Promise<BlockedAddress[]> {
      const { rows } = await pool.query<{ address: string; reason: string; since: Date; until: Date }>(
        'select host(address) as address, reason, since, until from blocklist where until > $1 order by blocklist.address limit 100000',
        [now],
      );
      return rows.map(({ address, reason, since, until }) => ({
        ...{ address, reason },
        since: since.toISOString(),
        until: until.toISOString(),
      }));
    },
    async forgetExpired(now: Date): Promise<void> {
      await pool.query('delete from blocklist where until < $1', [now]);
    },
  };
}
