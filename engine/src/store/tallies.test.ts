import type { AssessedLine } from '@cerberusmesh/contract/between-stages';
import { unknownOrigin } from '@cerberusmesh/contract/origin';
import type { KnownLure } from '@cerberusmesh/contract/touch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aBatch, aLine } from '../../test/support/assessed-lines.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { readStoredEvents } from './learning/stored-events.ts';
import { writeReassessed } from './learning/write-reassessed.ts';
import { addAllTallies } from './tallies.ts';
import { createPrepareWrite, type WriteParts } from './write-batch.ts';

const locate = (address: string) => ({ ...unknownOrigin, country: address.endsWith('7') ? 'NL' : 'FR' });

describe('tallies', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  it('added in whatever groups, what is told is as if each batch had been added at once', async () => {
    const atOnce = await createTestDatabase();
    try {
      const lines = visitLines(400);
      for (const [n, batch] of inBatches(lines).entries()) {
        await write(atOnce, batch, { locate });
        await leave(batch);
        if (n % 8 === 0) await addAllTallies(database);
      }
      expect(await countWaiting()).toBeGreaterThan(1);
      await addAllTallies(database);
      expect(await countWaiting()).toBe(0);
      for (const text of tables) {
        const expected = await atOnce.pool.query(text);
        expect(expected.rows.length, text).toBeGreaterThan(1);
        expect((await database.pool.query(text)).rows, text).toEqual(expected.rows);
      }
    } finally {
      await atOnce.drop();
    }
  });

  it('each counts once, where two add at once', async () => {
    for (const batch of inBatches(visitLines(200))) await leave(batch);
    await Promise.all([addAllTallies(database), addAllTallies(database)]);
    expect(await countEvents()).toBe(200);
    expect(await countWaiting()).toBe(0);
  });

  it('wait on, all of them, where adding breaks off', async () => {
    for (const batch of inBatches(visitLines(20))) await leave(batch);
    await database.pool.query('alter table rollup_techniques add constraint breaks_off check (events < 1)');
    await expect(addAllTallies(database)).rejects.toThrow('breaks_off');
    expect(await countEvents()).toBe(0);
    await database.pool.query('alter table rollup_techniques drop constraint breaks_off');
    await addAllTallies(database);
    expect(await countEvents()).toBe(20);
  });

  it('a touch counts although nothing else of its attacker was added yet', async () => {
    const { rows } = await database.pool.query(
      `insert into lures (kind, path, secret_hash) values ('password', '/a', 'h') returning id`,
    );
    const lure: KnownLure = {
      ...{ id: rows[0].id, kind: 'password', path: '/a', quickHash: 1, secretHash: 'h', sensor: 'sensor-a' },
      ...{ plantedAt: '2026-11-20T00:00:00Z', sessionId: null, sourceIp: null, isRead: true },
    };
    await leave([{ ...aLine({ n: 1 }), touches: [{ lure, place: 'password' }] }]);
    await addAllTallies(database);
    expect(await one('select touches, total_events, threat_level from attackers')).toEqual({
      touches: 1,
      total_events: 1,
      threat_level: 'CRITICAL',
    });
  });

  it('what is assessed anew is put right although it was not added yet', async () => {
    const line = aLine({ n: 1, command: 'id' });
    await leave([line]);
    const [event] = await readStoredEvents(database.pool, {
      ...{ fromId: line.event.id, after: false, toId: 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit: 1 },
    });
    if (!event || !line.assessment) throw new Error('the line was stored, with its assessment');
    const assessment = { ...line.assessment, severity: 'LOW' as const, techniques: [] };
    await database.transaction((client) => writeReassessed(client, [{ event, assessment, typed: 'id' }]));
    await addAllTallies(database);
    expect(
      await one(
        `select total_events, high_severity_count, (select severity from rollup_commands) as command,
                (select sum(events)::int from rollup_techniques) as techniques from attackers`,
      ),
    ).toEqual({ total_events: 1, high_severity_count: 0, command: 'LOW', techniques: 0 });
  });

  it('a visit that turns out to be our probe is taken back from where its first lines were left', async () => {
    const tallying = { left: () => undefined, addAll: () => addAllTallies(database) };
    await write(database, [aLine({ n: 1 }), aLine({ n: 2, session: 'other' })], { locate, tallying });
    await write(database, [{ ...aLine({ n: 3 }), probe: true }], { locate, tallying });
    expect(
      await one(
        `select total_events, total_sessions, (select sum(events)::int from rollup_hours) as hours,
                (select sum(events)::int from rollup_techniques) as techniques,
                (select sum(events)::int from rollup_countries) as countries from attackers`,
      ),
    ).toEqual({ total_events: 1, total_sessions: 1, hours: 1, techniques: 1, countries: 1 });
  });

  async function leave(lines: readonly AssessedLine[]): Promise<void> {
    await write(database, lines, { locate, tallying: { left: () => undefined, addAll: () => Promise.resolve() } });
  }

  async function countEvents(): Promise<unknown> {
    const found = await one(
      `select coalesce(sum(total_events), 0)::int as attackers,
              (select coalesce(sum(events), 0)::int from rollup_countries) as countries from attackers`,
    );
    expect(found?.attackers).toBe(found?.countries);
    return found?.attackers;
  }

  async function countWaiting(): Promise<unknown> {
    return (await one('select count(*) as waiting from tallies'))?.waiting;
  }

  async function one(text: string) {
    return (await database.pool.query(text)).rows[0];
  }
});

async function write({ pool, ...database }: TestDatabase, lines: readonly AssessedLine[], parts: WriteParts) {
  const prepareWrite = createPrepareWrite({ ...database, pool }, () => new Date('2026-11-22T00:00:00Z'), parts);
  const batch = aBatch(lines);
  await (await prepareWrite(batch))(batch);
}

/** Visits that overlap, of addresses that come back, with names and passwords that are tried again. */
function visitLines(count: number): AssessedLine[] {
  return Array.from({ length: count }, (_, n) => {
    const of = { n, session: `s${n % 61}`, ip: `192.0.2.${(n % 61) % 23}` };
    const said =
      n % 3 === 0 ? { login: true, username: `u${n % 7}`, password: `p${n % 11}` } : { command: `c${n % 13}` };
    return aLine({ ...of, ...said, epochMs: Date.UTC(2026, 10, 20, 22) + n * 60_000 });
  });
}

/** Of one line to seven. */
function inBatches(lines: readonly AssessedLine[]): AssessedLine[][] {
  const batches: AssessedLine[][] = [];
  for (let from = 0, size = 1; from < lines.length; from += size, size = (size % 7) + 1)
    batches.push(lines.slice(from, from + size));
  return batches;
}

// Of two names that were tried equally often, either is the commonest.
const tables = [
  `select ip_address, threat_score, total_events, total_sessions, high_severity_count, successful_logins,
          most_common_username_count, unique_passwords_count, touches, threat_level, first_seen, last_seen, country
     from attackers order by ip_address`,
  'select * from attacker_usernames order by ip_address, username_hash',
  'select * from attacker_passwords order by ip_address, password_hash',
  'select id, source_ip, start_time, last_event_time, event_count, command_count from sessions order by id',
  'select * from rollup_hours order by hour, sensor, event_type, severity',
  'select * from rollup_commands order by command_hash',
  'select * from rollup_credentials order by credential_hash',
  'select * from rollup_countries order by day, country, asn',
  'select * from rollup_country_months order by country, asn',
];
