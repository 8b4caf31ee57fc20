import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import type { TestDatabase } from './database.ts';
import type { Death } from './killed-setting.ts';

/** Each kill is a process: in the suite only the hard ones, with `npm run bench -- action-kills` all. */
// biome-ignore lint/style/noProcessEnv: says how much to try, as CERBERUS_TEST_COWRIE names the Cowrie.
export const isEveryKill = process.env['CERBERUS_TEST_EVERY_KILL'] === '1';

const run = promisify(execFile);
const script = fileURLToPath(new URL('die-at-write.ts', import.meta.url));

/** Carries out an action in a process of its own, which is killed before its n-th write to the table. */
export async function dieAtWrite(database: TestDatabase, death: Omit<Death, 'url' | 'name'>): Promise<void> {
  const name = `die-at-write ${randomUUID()}`;
  const told = JSON.stringify({ ...death, url: database.url, name } satisfies Death);
  await expect(run(process.execPath, [script, told])).rejects.toMatchObject({ signal: 'SIGKILL' });
  // The server gives the dead process's locks back when it notices; until then a start leaves its targets alone.
  const count = 'select count(*)::int from pg_stat_activity where application_name = $1';
  const connections = async () => (await database.pool.query<{ count: number }>(count, [name])).rows[0]?.count;
  await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 20_000, interval: 20 });
}
