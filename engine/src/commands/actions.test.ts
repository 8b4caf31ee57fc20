import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { startProcess } from '../../test/support/engine-process.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'cerberus-actions-command-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

it('says what can be done from the declarations, asks for it, and is told why not', async () => {
  const [help, explained, wrong, nowhere, trap, asked] = await Promise.all([
    cerberus('--help'),
    cerberus('explain', 'monitor'),
    cerberus('request', 'monitor', '--reason', 'a test', '--parameters', '{"minutes": 0}'),
    cerberus('request', 'insert_trap', '--reason', 'a test', '--parameters', '{"adaptations": ["AWS_CREDENTIALS"]}'),
    cerberus('request', 'insert_trap', '--reason', 'a test', '--parameters', JSON.stringify(aTrap)),
    cerberus('request', 'monitor', '--reason', 'a test', '--parameters', '{"address": "198.51.100.7"}'),
  ]);
  expect(help.said).toContain('rotate_key    Replaces a key');
  expect(explained.said).toContain('Example: cerberus actions request monitor');
  expect(wrong).toMatchObject({ code: 1, said: expect.stringContaining('parameters.minutes') });
  expect(nowhere).toMatchObject({ code: 1, said: expect.stringContaining('parameters.sensor') });
  expect(trap).toMatchObject({ code: 0, said: expect.stringContaining('Asked for') });
  const traps = await database.pool.query(`select payload from jobs where kind = 'act'`);
  expect(traps.rows).toMatchObject([{ payload: { kind: 'insert_trap', parameters: aTrap } }]);
  expect(asked).toMatchObject({ code: 0, said: expect.stringContaining('Asked for') });
  const { rows } = await database.pool.query(
    `select payload->'parameters' as parameters from jobs where kind = 'action'`,
  );
  expect(rows).toEqual([{ parameters: { address: '198.51.100.7' } }]);

  await database.pool.query(
    `insert into settings (key, value, updated_by) values ('CERBERUS_KILL_SWITCH', 'true', 'x')`,
  );
  const id = randomUUID();
  const [stopped, unknown] = await Promise.all([
    cerberus('request', 'monitor', '--reason', 'a test', '--parameters', '{"address": "198.51.100.8"}'),
    cerberus('undo', id),
  ]);
  expect(stopped).toMatchObject({ code: 1, said: expect.stringContaining('The kill switch is on.') });
  expect(unknown).toMatchObject({ code: 1, said: expect.stringContaining(id) });
}, 120_000);

const aTrap = { sensor: 'web-1', adaptations: ['AWS_CREDENTIALS'], minutes: 5 };

async function cerberus(...args: string[]): Promise<{ code: number | null; said: string }> {
  const env = { CERBERUS_DATA_DIR: folder, DATABASE_URL: database.url };
  const command = startProcess(['actions', ...args], env);
  const code = await command.untilEnd();
  return { code, said: command.said() };
}
