import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { systemClock } from '../kit/clock.ts';
import { createUserLinks } from '../store/user-links.ts';
import { usersCommand } from './users.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());

it('cerberus users: adds somebody by a link that is good once, lists, disables and enables him', async () => {
  // Where nobody is an admin yet, whoever is none may go.
  await run('add', 'eve');
  await run('disable', 'eve');
  await database.pool.query(`delete from users where name = 'eve'`);
  const link = await run('add', 'ada', '--role', 'admin');
  expect(link).toMatch(/^https:\/\/honeynet\.example\.org\/#\/welcome\/[A-Za-z0-9_-]{43}\n$/);
  expect(await run('list')).toMatch(/^ada +admin +invited +password +never signed in\n$/);
  await expect(run('add', 'ADA')).rejects.toThrow(/is taken/);
  await expect(run('disable', 'ada')).rejects.toThrow(/last admin/);

  const token = link.trim().split('/').at(-1) ?? '';
  expect(await links().use(token, 'ada', 'hash')).toMatchObject({ name: 'ada', role: 'admin' });
  expect(await links().use(token, 'ada', 'hash')).toBeUndefined();

  await run('add', 'bob');
  await run('disable', 'bob');
  expect(await run('list')).toMatch(/bob +viewer +disabled/);
  await run('enable', 'bob');
  expect(await run('list', '--json')).toContain('"state":"invited"');
});

it.each([
  [['reset', 'nobody'], /There is no user nobody/],
  [['add', 'a b'], /letters, digits/],
  [['add', 'x', '--role', 'sensor'], /Allowed choices are viewer, operator, admin/],
])('cerberus users %j is refused in words', async (argv, sentence) => {
  await expect(run(...argv)).rejects.toThrow(sentence);
});

function links() {
  return createUserLinks({ database, clock: systemClock });
}

async function run(...argv: string[]): Promise<string> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const printed = text(stdout);
  const command = usersCommand({ stdin, stdout, stderr }, async (_flags, work) => {
    await work({ database, publicUrl: 'https://honeynet.example.org/' });
  });
  for (const each of [command, ...command.commands])
    each.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  try {
    await command.parseAsync(argv, { from: 'user' });
  } finally {
    stdout.end();
  }
  return await printed;
}
