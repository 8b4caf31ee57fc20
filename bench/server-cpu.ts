import pg from 'pg';
import { readServerCpuSeconds } from './child.ts';

/** Processor time of the server at `url` so far, all its processes together. */
export async function serverCpuSeconds(url: string): Promise<number> {
  return await askNumber(url, 'select pg_backend_pid() as answer', readServerCpuSeconds);
}

/** What `use` makes of the one number that `sql` calls `answer`, while the connection still stands. */
export async function askNumber(url: string, sql: string, use: (answer: number) => number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: number }>(sql);
    return use(rows[0]?.answer ?? 0);
  } finally {
    await client.end();
  }
}
