import type pg from 'pg';

/** Where the server's data lie on this machine; null where it is another machine's, or the user may not know. */
export async function findDataFolder(pool: pg.Pool): Promise<string | null> {
  const { rows } = await pool.query<{ folder: string | null }>(
    `select case when (inet_server_addr() is null or host(inet_server_addr()) in ('127.0.0.1', '::1'))
                  and (pg_has_role('pg_read_all_settings', 'usage')) then current_setting('data_directory') end as folder`,
  );
  return rows[0]?.folder ?? null;
}
