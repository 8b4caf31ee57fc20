import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createTestClock } from '../serve/support/test-clock.ts';
import { createTokens } from '../store/tokens.ts';
import { tokenCommand } from './token.ts';

let database: TestDatabase;
const clock = createTestClock(new Date('2026-11-22T12:00:00Z'));
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());

describe('cerberus token', () => {
  it('create prints nothing but the token, and the token opens what its role may', async () => {
    const printed = await run('create', 'night watch', '--role', 'operator');
    expect(printed).toMatch(/^cm_[A-Za-z0-9_-]{43}\n$/);
    expect(await tokens().verify(printed.trim())).toMatchObject({ name: 'night watch', role: 'operator' });
  });

  it('a token made for two days is worthless after them', async () => {
    const secret = (await run('create', 'visitor', '--days', '2')).trim();
    expect(await tokens().verify(secret)).toMatchObject({ role: 'viewer' });
    clock.advance(2 * 86_400_000);
    expect(await tokens().verify(secret)).toBeUndefined();
    expect(await run('list')).toMatch(/viewer +expired +visitor/);
  });

  it('revoke ends a token at once, and says so where there is none', async () => {
    const secret = (await run('create', 'gone')).trim();
    expect(await run('revoke', 'gone')).toBe('Revoked: 1\n');
    expect(await tokens().verify(secret)).toBeUndefined();
    await expect(run('revoke', 'gone')).rejects.toThrow(/No valid token has the id or name "gone"/);
  });

  it('list shows no secret and no hash', async () => {
    const secret = (await run('create', 'listed')).trim();
    const [line = ''] = (await run('list', '--json')).split('\n').filter((row) => row.includes('"listed"'));
    expect(line).not.toContain(secret.slice(3, 12));
    expect(Object.keys(JSON.parse(line)).toSorted()).toEqual(
      [
        'created_at',
        'created_by',
        'expires_at',
        'id',
        'last_used_at',
        'name',
        'revoked_at',
        'role',
        'scopes',
        'sensor',
      ].toSorted(),
    );
  });

  it.each([
    [['create', '\u001b[31mred'], /printable characters/],
    [['create', 'x', '--days', '0'], /whole days from 1 to 3650/],
    [['create', 'x', '--role', 'root'], /Allowed choices are sensor, viewer, operator, admin/],
    [['create'], /missing required argument/],
  ])('%j is refused with a sentence', async (argv, sentence) => {
    await expect(run(...argv)).rejects.toThrow(sentence);
  });
});

function tokens() {
  return createTokens({ database, clock });
}

async function run(...argv: string[]): Promise<string> {
  const io = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const command = tokenCommand(io, async () => ({ tokens: tokens(), close: async () => undefined }), clock);
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  await command.parseAsync(argv, { from: 'user' });
  io.stdout.end();
  return await text(io.stdout);
}
