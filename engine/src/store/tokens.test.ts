import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createTestClock } from '../serve/support/test-clock.ts';
import { createTokens, type Tokens } from './tokens.ts';

let database: TestDatabase;
let tokens: Tokens;
const clock = createTestClock(new Date('2026-11-22T12:00:00Z'));
beforeAll(async () => {
  database = await createTestDatabase();
  tokens = createTokens({ database, clock });
});
afterAll(async () => await database.drop());

describe('tokens', () => {
  it('the secret is nowhere in the database', async () => {
    const { secret } = await tokens.create({ name: 'a', role: 'viewer', expiresAt: null }, 'test');
    const { rows } = await database.pool.query(
      `select t::text as row from api_tokens t union all select a::text from audit_log a`,
    );
    expect(rows.length).toBeGreaterThan(1);
    for (const { row } of rows) expect(row).not.toContain(secret.slice(3, 15));
  });

  it('two tokens are never alike, and one character off is another token', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, () => tokens.create({ name: 'many', role: 'viewer', expiresAt: null }, 'test')),
    );
    expect(new Set(made.map(({ secret }) => secret)).size).toBe(20);
    const [first] = made;
    const other = `${first?.secret.slice(0, -2)}${first?.secret.endsWith('AA') ? 'BB' : 'AA'}`;
    expect(await tokens.verify(other)).toBeUndefined();
    expect(await tokens.revoke('many', 'test')).toBe(20);
  });

  it.each(['', 'cm_', 'cm_short', `CM_${'A'.repeat(43)}`, `cm_${'A'.repeat(44)}`, `cm_${'A'.repeat(42)}\u0000`])(
    '%j is nobody, without a question to the database',
    async (secret) => {
      const deaf = createTokens({
        database: { ...database, pool: new Proxy(database.pool, { get: onlyEvents }) },
        clock,
      });
      expect(await deaf.verify(secret)).toBeUndefined();
    },
  );

  it('its last use is written once a minute, however often it is used', async () => {
    const { secret, record } = await tokens.create({ name: 'busy', role: 'viewer', expiresAt: null }, 'test');
    const versions = async () => {
      const { rows } = await database.pool.query<{ version: string }>(
        'select xmin::text as version from api_tokens where id = $1',
        [record.id],
      );
      return rows[0]?.version;
    };
    await tokens.verify(secret);
    const afterFirst = await versions();
    clock.advance(59_000);
    for (let use = 0; use < 5; use++) await tokens.verify(secret);
    expect(await versions()).toBe(afterFirst);
    clock.advance(2_000);
    await tokens.verify(secret);
    expect(await versions()).not.toBe(afterFirst);
  });

  it('an expired or revoked token is nobody at once, and counts no more', async () => {
    const valid = await tokens.countValid();
    const expiresAt = new Date(clock.now().getTime() + 1000);
    const { secret, record } = await tokens.create({ name: 'soon', role: 'admin', expiresAt }, 'test');
    expect(await tokens.countValid()).toBe(valid + 1);
    expect(await tokens.isValid(record.id)).toBe(true);
    clock.advance(1000);
    expect([await tokens.verify(secret), await tokens.isValid(record.id)]).toEqual([undefined, false]);
    expect(await tokens.countValid()).toBe(valid);
  });

  it('who made and who revoked it is in the audit log, in the same transaction', async () => {
    const { record } = await tokens.create({ name: 'audited', role: 'viewer', expiresAt: null }, 'token:boss');
    expect(await tokens.revoke(record.id.toUpperCase(), 'command-line')).toBe(1);
    const { rows } = await database.pool.query('select actor, action from audit_log where subject = $1 order by id', [
      record.id,
    ]);
    expect(rows).toEqual([
      { actor: 'token:boss', action: 'token.create' },
      { actor: 'command-line', action: 'token.revoke' },
    ]);
  });
});

function onlyEvents(pool: pg.Pool, name: string | symbol): unknown {
  if (name !== 'on') throw new Error('the database was asked');
  return Reflect.get(pool, name).bind(pool);
}
