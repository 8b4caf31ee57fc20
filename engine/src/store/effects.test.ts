import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { countEnded, countTouchedLures, readEffects } from './effects.ts';

const longAgo = new Date(0);

describe('sessions that ended', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(async () => {
    await database.pool.query(
      'truncate sessions, ended_sessions, adaptation_effects, adaptations, lures, touches cascade',
    );
  });
  afterAll(() => database.drop());

  it('are counted once, by what stood there while they went on', async () => {
    await adapt('BANNER_CHANGE', { appliedSecondsAgo: 50 });
    await adapt('SSH_KEYS', { appliedSecondsAgo: 300, rolledBackSecondsAgo: 200 });
    await adapt('AWS_CREDENTIALS', { appliedSecondsAgo: 50, sensor: 'elsewhere' });
    await endSession('seen', { startedSecondsAgo: 100, commands: 4 });
    expect(await countEnded(database, () => false)).toBe(1);
    expect(await countEnded(database, () => false)).toBe(0);
    expect(await readEffects(database.pool, longAgo)).toMatchObject([
      { kind: 'BANNER_CHANGE', exposure: 'shown', sessions: 1, dwellSeconds: 100, commands: 4, touchedSessions: 0 },
    ]);
  });

  it('see what was planted for them alone, and others do not', async () => {
    const id = await adapt('SSH_KEYS', { appliedSecondsAgo: 50 });
    await plant(id, 'mine');
    await endSession('mine', { startedSecondsAgo: 100 });
    await endSession('other', { startedSecondsAgo: 100 });
    await countEnded(database, () => false);
    expect(await exposures()).toEqual(['bystander ×1', 'shown SSH_KEYS ×1']);
  });

  it('of the control group are what others are compared with, unless something stood there', async () => {
    await endSession('before', { startedSecondsAgo: 20 });
    await countEnded(database, () => true);
    await adapt('BANNER_CHANGE', { appliedSecondsAgo: 50 });
    await endSession('after', { startedSecondsAgo: 100 });
    await countEnded(database, () => true);
    expect(await exposures()).toEqual(['control ×1', 'mixed BANNER_CHANGE ×1']);
  });

  it('are touched where a lure that was shown to them was used, by whomever', async () => {
    const lure = await plant(await adapt('SSH_KEYS', { appliedSecondsAgo: 50 }), 'mine');
    await database.pool.query(
      `insert into touches (lure_id, event_id, touched_at, place, sensor, session_id)
       values ($1, $2, now(), 'key', 'sensor-a', 'another')`,
      [lure, randomUUID()],
    );
    await endSession('mine', { startedSecondsAgo: 100 });
    await countEnded(database, () => false);
    expect(await readEffects(database.pool, longAgo)).toMatchObject([{ kind: 'SSH_KEYS', touchedSessions: 1 }]);
    expect(await countTouchedLures(database.pool, longAgo)).toEqual(new Map([['SSH_KEYS', 1]]));
  });

  it.each([
    { who: 'nobody who got in', change: 'successful_login = false' },
    { who: 'our own probe', change: 'is_probe = true' },
    { who: 'a log of the past', change: `last_event_time = now() - interval '2 days'` },
  ])('are not counted of $who', async ({ change }) => {
    await endSession('s', { startedSecondsAgo: 10, change });
    expect(await countEnded(database, () => false)).toBe(0);
  });

  async function exposures(): Promise<string[]> {
    const rows = await readEffects(database.pool, longAgo);
    return rows
      .map(({ kind, exposure, sessions }) => `${[exposure, kind].filter(Boolean).join(' ')} ×${sessions}`)
      .sort();
  }

  async function adapt(
    kind: string,
    {
      appliedSecondsAgo,
      rolledBackSecondsAgo,
      sensor = 'sensor-a',
    }: { appliedSecondsAgo: number; rolledBackSecondsAgo?: number; sensor?: string },
  ): Promise<string> {
    const { rows } = await database.pool.query(
      `insert into adaptations (action_type, severity, sensor, reason, status, applied_at, rolled_back_at)
       values ($1, 'HIGH', $2, 'r', case when $4::float8 is null then 'verified' else 'rolled_back' end,
               now() - make_interval(secs => $3), now() - make_interval(secs => $4)) returning id`,
      [kind, sensor, appliedSecondsAgo, rolledBackSecondsAgo ?? null],
    );
    return rows[0].id;
  }

  async function plant(adaptationId: string, sessionId: string): Promise<string> {
    const { rows } = await database.pool.query(
      `insert into lures (adaptation_id, kind, path, secret_hash, sensor, planted_at, session_id, trap)
       values ($1, 'ssh_key', '/k', $2, 'sensor-a', now(), $3, 'SSH_KEYS') returning id`,
      [adaptationId, Buffer.from(randomUUID()), sessionId],
    );
    return rows[0].id;
  }

  /** As the pipeline writes it: first the session as it goes on, then its end. */
  async function endSession(
    sessionId: string,
    {
      startedSecondsAgo,
      commands = 1,
      change = 'session_id = session_id',
    }: { startedSecondsAgo: number; commands?: number; change?: string },
  ): Promise<void> {
    await database.pool.query(
      `insert into sessions (id, session_id, sensor, source_ip, start_time, last_event_time, command_count,
                             successful_login, state)
       values ($1, $2, 'sensor-a', '192.0.2.1', now() - make_interval(secs => $3), now(), $4, true, '{}')`,
      [randomUUID(), sessionId, startedSecondsAgo, commands],
    );
    await database.pool.query(`update sessions set ${change} where session_id = $1`, [sessionId]);
    await database.pool.query(
      `update sessions set is_active = false, end_time = start_time + make_interval(secs => $2) where session_id = $1`,
      [sessionId, startedSecondsAgo],
    );
  }
});
