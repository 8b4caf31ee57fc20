import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';

const folder = join(import.meta.dirname, '..', '..', 'migrations');
/** What stood on the main line at 99611f5. */
export const previousVersion = 24;

/** A database as that release left it, with a session and an event in it, of an address that the session's row does not tell. */
export async function makePrevious(pool: pg.Pool): Promise<void> {
  await pool.query(
    `create table schema_migrations (
       version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`,
  );
  for (const name of (await readdir(folder)).sort()) {
    if (Number(name.slice(0, 4)) > previousVersion) continue;
    const sql = await readFile(join(folder, name), 'utf8');
    await pool.query(sql);
    const checksum = createHash('sha256').update(sql).digest('hex');
    await pool.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
      ...[Number(name.slice(0, 4)), name, checksum],
    ]);
  }
  await pool.query(
    `insert into sessions (id, session_id, sensor, start_time, last_event_time, successful_login, state)
     values (gen_random_uuid(), 's1', 'cowrie', now(), now(), true, '{}')`,
  );
  await pool.query(
    `insert into events (id, event_type, timestamp, sensor, session_id, source_ip, command, severity, is_analyzed, is_probe, raw_event)
     values (gen_random_uuid(), 'cowrie.command.input', now(), 'cowrie', 's1', '192.0.2.1', 'id', 'LOW', true, false, '{}')`,
  );
}
