import type { BatchResult, BatchWrite } from '@cerberusmesh/contract/between-stages';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aBatch, aLine } from '../../test/support/assessed-lines.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { isWorthRetrying } from './database.ts';
import { findStored } from './events.ts';
import { dropOldParked } from './parked-lines.ts';
import { createPrepareWrite } from './write-batch.ts';

const now = new Date('2026-11-22T00:00:00Z');
/** JSON that PostgreSQL does not read to its end. */
const tooDeep = `{"n":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;

function writerOn(database: TestDatabase) {
  const prepareWrite = createPrepareWrite(database, () => now);
  return async (batch: BatchWrite) => (await prepareWrite(batch))(batch);
}

/**
 * As its readers do: two new rows of one session meet in the second of its two unique keys, which `on conflict` does not look
 * at, where both are inserted in the same instant. One of the two is refused then, and comes again.
 */
async function inTime(write: (batch: BatchWrite) => Promise<BatchResult>, batch: BatchWrite): Promise<BatchResult> {
  return await write(batch).catch((error: unknown) => {
    if (!isWorthRetrying(error)) throw error;
    return write(batch);
  });
}

describe('writeBatch', () => {
  let database: TestDatabase;
  let writeBatch: (batch: BatchWrite) => Promise<BatchResult>;
  beforeEach(async () => {
    database = await createTestDatabase();
    writeBatch = writerOn(database);
  });
  afterEach(() => database.drop());

  it('stores an event with its assessment, its session, its attacker and its rollups', async () => {
    await writeBatch(aBatch([aLine({ n: 1, login: true }), aLine({ n: 2, command: 'id' })]));
    expect(
      await one('select event_type, command, severity, techniques, raw_event from events order by id desc limit 1'),
    ).toEqual({
      event_type: 'cowrie.command.input',
      command: 'id',
      severity: 'HIGH',
      techniques: ['T1033'],
      raw_event: { n: 2 },
    });
    expect(await one('select event_count, command_count, successful_login, is_active from sessions')).toEqual({
      event_count: 2,
      command_count: 1,
      successful_login: true,
      is_active: true,
    });
    expect(
      await one(
        'select total_events, total_sessions, high_severity_count, threat_level, most_common_username from attackers',
      ),
    ).toEqual({
      total_events: 2,
      total_sessions: 1,
      high_severity_count: 2,
      threat_level: 'HIGH',
      most_common_username: 'root',
    });
    expect(await one('select sum(events)::int as events from rollup_hours')).toEqual({ events: 2 });
    expect(await one('select command, events from rollup_commands')).toEqual({ command: 'id', events: 1 });
    expect(await one('select username, attempts, successes from rollup_credentials')).toEqual({
      username: 'root',
      attempts: 1,
      successes: 1,
    });
  });

  it('writes all of a batch or nothing: a stored id refuses the whole batch', async () => {
    await writeBatch(aBatch([aLine({ n: 1 })]));
    await expect(writeBatch(aBatch([aLine({ n: 2 }), aLine({ n: 1 })]))).rejects.toMatchObject({ code: '23505' });
    expect(await one('select count(*) as events from events')).toEqual({ events: 1 });
    expect(await one('select lines_stored from sources')).toEqual({ lines_stored: 1 });
  });

  it('has a month that is made later vacuumed as the migrations say of those that were there', async () => {
    await writeBatch(aBatch([aLine({ n: 1, epochMs: Date.UTC(2019, 1, 3) })]));
    const { rows } = await database.pool.query(
      `select distinct reloptions from pg_class where relname in ('events_default', 'events_2019_02')`,
    );
    expect(rows).toEqual([
      { reloptions: ['autovacuum_vacuum_insert_scale_factor=0', 'autovacuum_vacuum_insert_threshold=100000'] },
    ]);
  });

  it('stores batches of a backfill to the letter, of which one is made ready while another is sent, in buffers used before', async () => {
    const prepareWrite = createPrepareWrite(database, () => now);
    const batchOf = (mark: string, hour: number) =>
      aBatch(
        Array.from({ length: 1_100 }, (_, at) => {
          const line = aLine({ n: at % 1000, command: `${mark} ${at}`, epochMs: Date.UTC(2026, 10, 21, hour) + at });
          return { ...line, rawJson: JSON.stringify({ said: `${mark} ${at}` }) };
        }),
      );
    const [alpha, beta, gamma] = [batchOf('alpha', 1), batchOf('beta', 2), batchOf('gamma', 3)];
    const writeAlpha = await prepareWrite(alpha);
    const sent = writeAlpha(alpha);
    const writeBeta = await prepareWrite(beta);
    await sent;
    const writeGamma = await prepareWrite(gamma);
    await writeBeta(beta);
    await writeGamma(gamma);
    const { rows } = await database.pool.query(
      `select split_part(command, ' ', 1) as mark, count(*)::int as events, count(distinct command)::int as commands,
        bool_and((raw_event->>'said') = command) as own from events group by 1 order by 1`,
    );
    const each = { events: 1_100, commands: 1_100, own: true };
    expect(rows).toEqual(['alpha', 'beta', 'gamma'].map((mark) => ({ mark, ...each })));
  });

  it('finds which ids are stored, over months', async () => {
    const [old, young] = [aLine({ n: 1, epochMs: Date.UTC(2019, 1, 3) }), aLine({ n: 2 })];
    await writeBatch(aBatch([old, young]));
    const unknown = aLine({ n: 3 }).event.id;
    expect(await findStored(database.pool, [old.event.id, unknown, young.event.id])).toEqual(
      new Set([old.event.id, young.event.id]),
    );
  });

  it('finds which ids are stored among many that were not asked for', async () => {
    const lines = [1, 2, 3, 4, 5].map((n) => aLine({ n, epochMs: Date.UTC(2026, 9, 1) + n }));
    const [first, second, , , last] = lines;
    if (!first || !second || !last) throw new Error('five lines were made');
    await writeBatch(aBatch(lines.filter((line) => line !== second)));
    expect(await findStored(database.pool, [first.event.id, second.event.id])).toEqual(new Set([first.event.id]));
    expect(await findStored(database.pool, [first.event.id, last.event.id])).toEqual(
      new Set([first.event.id, last.event.id]),
    );
  });

  it('keeps a line to the letter: its keys in their order and twice, blanks, and numbers that no type holds', async () => {
    const rawJson = '{"z":1.10, "a":1e400000,\t"z":"caf\\u00e9","nested":{"b":[],"a":12345678901234567890123}} ';
    await writeBatch(aBatch([{ ...aLine({ n: 1 }), rawJson }]));
    expect(await one(`select raw_event::text as line, raw_event->>'z' as z from events`)).toEqual({
      line: rawJson,
      z: 'caf\u00e9',
    });
  });

  it('parks the one line that PostgreSQL cannot hold, and stores its neighbours', async () => {
    const hostile = { ...aLine({ n: 7 }), rawJson: tooDeep };
    const result = await writeBatch(aBatch([aLine({ n: 1 }), aLine({ n: 2 }), hostile, aLine({ n: 3 })]));
    expect(result).toMatchObject({ refused: 1 });
    expect(await one('select count(*) as events from events')).toEqual({ events: 3 });
    expect(await one('select reason, covered_bytes from parked_lines')).toEqual({
      reason: 'refused_by_database',
      covered_bytes: 10,
    });
    expect(await one('select bytes_read, bytes_stored, bytes_parked from sources')).toEqual({
      bytes_read: 40,
      bytes_stored: 30,
      bytes_parked: 10,
    });
  });

  it('lets the oldest unreadable lines go beyond their bound, the newest never, and keeps the ledger as it was', async () => {
    const parked = ['a', 'b', 'c'].map((name) => ({
      ...{ reason: 'not_json' as const, explanation: 'Expected JSON.', coveredBytes: 1001 },
      bytes: Buffer.from(name.repeat(1000)),
    }));
    await writeBatch({ ...aBatch([]), parked, readBytes: 3003 });
    const ledger = await one('select bytes_read, bytes_parked, lines_parked from sources');
    expect(await dropOldParked(database.pool, 1_000_000)).toBe(0);
    expect(await dropOldParked(database.pool, 3000)).toBe(1);
    const { rows } = await database.pool.query(
      `select convert_from(bytes, 'UTF8') as text from parked_lines order by id`,
    );
    expect(rows.map(({ text }) => text[0])).toEqual(['b', 'c']);
    expect(await one('select bytes_read, bytes_parked, lines_parked from sources')).toEqual(ledger);
  });

  it.each([
    ['the first and the last', [0, 11]],
    ['neighbours', [4, 5, 6]],
    ['all', [...Array(12).keys()]],
  ])('parks %s that PostgreSQL cannot hold, and stores the rest in its order', async (_name, hostile) => {
    const lines = Array.from({ length: 12 }, (_, n) => aLine({ n }));
    const batch = lines.map((line, n) => (hostile.includes(n) ? { ...line, rawJson: tooDeep } : line));
    const result = await writeBatch(aBatch(batch));
    expect(result.refused).toBe(hostile.length);
    const sound = lines.filter((_, n) => !hostile.includes(n)).map(({ event }) => event.id);
    expect(result.stored.map(({ event }) => event.id)).toEqual(sound);
    expect(await one('select count(*) as events from events')).toEqual({ events: sound.length });
    expect(await one('select count(*) as parked from parked_lines')).toEqual({ parked: 1 });
  });

  it('fails as a whole where a value is refused and the lines were let go', async () => {
    const hostile = { ...aLine({ n: 7 }), rawJson: tooDeep };
    const write = await createPrepareWrite(database, () => now)(aBatch([aLine({ n: 1 }), hostile]));
    await expect(write()).rejects.toThrow(/stack depth limit/);
    expect(await one('select count(*) as events from events')).toEqual({ events: 0 });
    expect(await one('select count(*) as sources from sources')).toEqual({ sources: 0 });
  });

  it('counts names and distinct passwords of an attacker exactly, over batches', async () => {
    const logins = ['a', 'b', 'a', 'c', 'a'].map((password, n) =>
      aLine({ n, login: true, username: n < 3 ? 'admin' : 'root', password }),
    );
    await writeBatch(aBatch(logins.slice(0, 2)));
    await writeBatch(aBatch(logins.slice(2)));
    expect(
      await one('select unique_passwords_count, most_common_username, most_common_username_count from attackers'),
    ).toEqual({
      unique_passwords_count: 3,
      most_common_username: 'admin',
      most_common_username_count: 3,
    });
  });

  it('keeps visits of our probe, and leaves them out of attackers and rollups', async () => {
    await writeBatch(aBatch([{ ...aLine({ n: 1, command: 'ls' }), probe: true }]));
    expect(await one('select count(*) as events from events where is_probe')).toEqual({ events: 1 });
    expect(
      await one('select (select count(*) from attackers) as attackers, (select count(*) from rollup_hours) as hours'),
    ).toEqual({ attackers: 0, hours: 0 });
  });

  it('keeps an event that could not be assessed as UNKNOWN and not analysed', async () => {
    await writeBatch(aBatch([{ ...aLine({ n: 1 }), assessment: null }]));
    expect(await one('select severity, is_analyzed from events')).toEqual({ severity: 'UNKNOWN', is_analyzed: false });
  });

  it('takes two writers of the same attackers and sessions at once without a deadlock', async () => {
    const lines = Array.from({ length: 200 }, (_, n) =>
      aLine({ n, login: true, session: `s${n % 40}`, ip: `192.0.2.${n % 50}` }),
    );
    const other = writerOn(database);
    await Promise.all([
      inTime(writeBatch, aBatch(lines.slice(0, 100))),
      inTime(other, aBatch(lines.slice(100).reverse())),
    ]);
    expect(await one('select sum(total_events)::int as events from attackers')).toEqual({ events: 200 });
  });

  it('puts an event of a broken clock into the default partition', async () => {
    await writeBatch(aBatch([aLine({ n: 1, epochMs: Date.UTC(2150, 0, 1) })]));
    expect(await one('select count(*) as events from events_default')).toEqual({ events: 1 });
  });

  it('stores events of a month that the default partition holds some of already, beside them', async () => {
    const march = Date.UTC(2027, 2, 5);
    await writeBatch(aBatch([aLine({ n: 1, epochMs: march })]));
    expect(await one('select count(*) as events from events_default')).toEqual({ events: 1 });
    const later = createPrepareWrite(database, () => new Date(march));
    await (await later(aBatch([aLine({ n: 2, epochMs: march })])))();
    expect(await one('select count(*) as events from events_2027_03')).toEqual({ events: 2 });
    expect(await one('select count(*) as events from events_default')).toEqual({ events: 0 });
  });

  it('keeps no statistics of what nothing is planned by, in each new month', async () => {
    await writeBatch(aBatch([aLine({ n: 1 })]));
    const { rows } = await database.pool.query(
      `select c.relname as partition, string_agg(a.attname, ' ' order by a.attname) as columns
         from pg_attribute a join pg_class c on c.oid = a.attrelid
        where a.attstattarget = 0 and a.attnum > 0 and c.relname ~ '^events_[0-9]' group by 1`,
    );
    expect(rows).toEqual([{ partition: expect.any(String), columns: 'assessment raw_bytes raw_event why' }]);
  });

  async function one(text: string): Promise<unknown> {
    return (await database.pool.query(text)).rows[0];
  }
});
