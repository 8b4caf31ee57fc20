import type { Policy } from '@cerberusmesh/contract/policy';
import type pg from 'pg';

/** Keeps a policy under its version, once: a version is made of its content, so it never changes. */
export async function keepPolicy(
  pool: Pick<pg.Pool, 'query'>,
  { policy, version }: { readonly policy: Policy; readonly version: string },
  place: string,
): Promise<void> {
  await pool.query(
    'insert into policies (version, content, place) values ($1, $2, $3) on conflict (version) do nothing',
    [version, JSON.stringify(policy), place],
  );
}

/** The rules that a decision was made by; undefined for versions from before policies were kept. */
export async function findPolicy(pool: Pick<pg.Pool, 'query'>, version: string): Promise<unknown> {
  const { rows } = await pool.query<{ content: unknown }>('select content from policies where version = $1', [version]);
  return rows[0]?.content;
}
