import type pg from 'pg';

export interface StoredAnswer {
  readonly score: number | null;
  readonly says: string;
}

/** The gravest word on each of these addresses; those that nobody was asked about are absent. */
export async function findReputations(pool: pg.Pool, addresses: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ address: string; reputation: number }>(
    `select ip_address as address, reputation from attackers
      where ip_address = any($1::text[]) and reputation is not null`,
    [addresses],
  );
  return new Map(rows.map(({ address, reputation }) => [address, reputation]));
}

/** What reputation providers said, their budgets, and who is to be asked about. */
export function createReputationStore(pool: pg.Pool) {
  return {
    /**
     * Attackers of the internet that at least one of these providers has no fresh word on, gravest first. Those that
     * came lately only: nobody pays to know of last year's.
     */
    async findDue(providers: readonly string[], now: Date, seenSince: Date, limit: number) {
      const { rows } = await pool.query<{ address: string; missing: string[] }>(
        `select a.ip_address as address, m.missing
           from attackers a,
                lateral (select array(select p from unnest($1::text[]) p where not exists (
                           select 1 from reputations r
                            where r.ip_address = a.ip_address and r.provider = p and r.expires_at > $2)) as missing) m
          where a.last_seen_day >= ($3::timestamptz at time zone 'UTC')::date and a.last_seen >= $3 and a.network is null and a.scanner is null and cardinality(m.missing) > 0
          order by a.threat_score desc, a.id limit $4`,
        [providers, now, seenSince, limit],
      );
      return rows;
    },

    async takeQuestion(provider: string, now: Date, dailyMax: number): Promise<boolean> {
      const { rows } = await pool.query(
        `insert into reputation_budgets as b (provider, day, asked) values ($1, $2, 1)
         on conflict (provider, day) do update set asked = b.asked + 1 where b.asked < $3 returning asked`,
        [provider, now.toISOString().slice(0, 10), Math.min(dailyMax, 2 ** 31 - 1)],
      );
      return rows.length > 0;
    },

    /** Keeps the answer, and what all that still holds comes to with the attacker. */
    async save(
      address: string,
      provider: string,
      { score, says }: StoredAnswer,
      now: Date,
      expiresAt: Date,
    ): Promise<void> {
      await pool.query(
        `with kept as (
           insert into reputations (ip_address, provider, score, says, asked_at, expires_at) values ($1, $2, $3, $4, $5, $6)
           on conflict (ip_address, provider) do update set
             score = excluded.score, says = excluded.says, asked_at = excluded.asked_at, expires_at = excluded.expires_at)
         update attackers set reputation_at = $5, reputation = (
                  select max(s) from (select $3::real as s union all
                    select score from reputations where ip_address = $1 and provider <> $2 and expires_at > $5) held)
          where ip_address = $1`,
        [address, provider, score, says.slice(0, 500), now, expiresAt],
      );
    },

    /** For a process that starts: what is known of those seen lately. */
    async findKnown(seenSince: Date, limit: number) {
      const { rows } = await pool.query<{ address: string; score: number }>(
        `select ip_address as address, reputation as score from attackers
          where reputation is not null and last_seen_day >= ($1::timestamptz at time zone 'UTC')::date and last_seen >= $1
          order by last_seen desc limit $2`,
        [seenSince, limit],
      );
      return rows;
    },
  };
}
