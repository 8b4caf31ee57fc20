import type { BlockedAddress } from '@cerberusmesh/contract/lock-down';
import type pg from 'pg';

/** The block feed. */
export function createBlocklist(pool: pg.Pool) {
  return {
    async add(entry: { address: string; reason: string; actionId: string; since: Date; until: Date }): Promise<Date> {
      const { rows } = await pool.query<{ until: Date }>(
        `insert into blocklist as b (address, reason, action_id, since, until) values ($1, $2, $3, $4, $5)
         on conflict (address) do update set reason = excluded.reason, action_id = excluded.action_id,
           since = least(b.since, excluded.since), until = greatest(b.until, excluded.until)
         returning until`,
        [entry.address, entry.reason, entry.actionId, entry.since, entry.until],
      );
      return rows[0]?.until ?? entry.until;
    },
    /** The caller holds the lock of the address. Who comes back is blocked again while the first block still stands. */
    async remove(address: string, actionId: string, now: Date): Promise<Date | null> {
      const { rows } = await pool.query<{ until: Date }>(
        `with other as (
           select id, plan->>'reason' as reason, (plan->>'until')::timestamptz as until from actions
            where kind = 'lock_down' and target = 'attacker ' || $2 and id <> $3 and (plan->>'until')::timestamptz > $4
              and status in ('planned', 'applied', 'verified') and created_at > $4 - interval '31 days'
            order by 3 desc limit 1),
         kept as (
           update blocklist set action_id = other.id, reason = other.reason, until = other.until
             from other where address = $1),
         gone as (
           delete from blocklist where address = $1 and not exists (select from other))
         select until from other`,
        [address, address, actionId, now],
      );
      return rows[0]?.until ?? null;
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
