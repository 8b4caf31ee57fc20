import type pg from 'pg';

export interface StoredVerdict {
  readonly score: number | null;
  readonly says: string;
}

/** What is known elsewhere of files that attackers brought, and which are to be asked about. */
export function createVerdictStore(pool: pg.Pool) {
  return {
    /** Files of lately that at least one of these providers has no fresh word on, newest first. */
    async findDue(providers: readonly string[], now: Date, seenSince: Date, limit: number) {
      const { rows } = await pool.query<{ sha256: string; missing: string[] }>(
        `select f.sha256, m.missing
           from (select named_sha256 as sha256, max(seen_at) as seen_at from artifact_sightings
                  where kind <> 'recording' and seen_at >= $3 group by 1) f,
                lateral (select array(select p from unnest($1::text[]) p where not exists (
                           select 1 from artifact_verdicts v
                            where v.sha256 = f.sha256 and v.provider = p and v.expires_at > $2)) as missing) m
          where cardinality(m.missing) > 0 order by f.seen_at desc, f.sha256 limit $4`,
        [providers, now, seenSince, limit],
      );
      return rows;
    },

    async save(
      sha256: string,
      provider: string,
      { score, says }: StoredVerdict,
      now: Date,
      expiresAt: Date,
    ): Promise<void> {
      await pool.query(
        `insert into artifact_verdicts (sha256, provider, score, says, asked_at, expires_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (sha256, provider) do update set
           score = excluded.score, says = excluded.says, asked_at = excluded.asked_at, expires_at = excluded.expires_at`,
        [sha256, provider, score, says.slice(0, 500), now, expiresAt],
      );
    },
  };
}
