import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAdaptation, addAttacker, addDecision, addEvent, addHour, addSession } from '../support/rows.ts';
import { startTestServer, type TestServer } from '../support/serve-parts.ts';

let server: TestServer;
const noon = Date.UTC(2026, 10, 22, 12);
const hourMs = 3_600_000;

beforeAll(async () => {
  server = await startTestServer({
    sources: [
      {
        sourceId: 'live',
        sensor: 'sensor-a',
        kind: 'file',
        active: true,
        lagBytes: 30,
        lastEventAt: new Date(noon - 5000),
      },
    ],
  });
  await seed();
});
afterAll(async () => await server.close());

describe('sessions', () => {
  it('are listed newest first, and pages are stable where starts are equal', async () => {
    const all = (await getJson('/api/sessions')).data.map((session: { session_id: string }) => session.session_id);
    expect(all).toHaveLength(5);
    expect(all[0]).toBe('newest');
    expect(await readAll('/api/sessions?limit=1', (session: { session_id: string }) => session.session_id)).toEqual(
      all,
    );
  });

  it.each([
    ['active=true', 4],
    ['active=false', 1],
    ['source_ip=192.0.2.9', 1],
    ['severity=HIGH', 1],
    ['successful_login=true', 0],
    ['sensor=sensor-b', 1],
    ['from=2026-11-22T11:00:00Z', 1],
    ['to=2026-11-22T11:00:00Z', 4],
  ])('?%s gives %i', async (query, count) => {
    expect((await getJson(`/api/sessions?${query}`)).data).toHaveLength(count);
  });

  it('one session tells its events oldest first, page by page, and only its own sensor\u2019s', async () => {
    const first = await getJson('/api/sessions/same?sensor=sensor-a&limit=2');
    expect(first).toMatchObject({
      session_id: 'same',
      sensor: 'sensor-a',
      timeline: { data: [{ command: '0' }, { command: '1' }] },
    });
    const second = await getJson(`/api/sessions/same?sensor=sensor-a&cursor=${first.timeline.next_cursor}`);
    expect(second.timeline).toMatchObject({ data: [{ command: '2' }], next_cursor: null });
    expect((await getJson(`/api/sessions/${first.id}`)).id).toBe(first.id);
  });
});

describe('attackers', () => {
  it.each([
    ['threat', ['192.0.2.3', '192.0.2.2', '192.0.2.1', '192.0.2.4']],
    ['events', ['192.0.2.1', '192.0.2.3', '192.0.2.4', '192.0.2.2']],
    ['recent', ['192.0.2.4', '192.0.2.3', '192.0.2.2', '192.0.2.1']],
  ])('sorted by %s, whole and by pages of one', async (sort, expected) => {
    const ips = (attacker: { ip_address: string }) => attacker.ip_address;
    const listed = (await getJson(`/api/attackers?sort=${sort}`)).data.map(ips);
    const isTied = sort === 'threat';
    // Two have the same threat score: their order is that of their random ids, but the same on every page.
    expect(isTied ? listed.toSorted() : listed).toEqual(isTied ? expected.toSorted() : expected);
    expect(await readAll(`/api/attackers?sort=${sort}&limit=1`, ips)).toEqual(listed);
  });

  it('one attacker with his favourite names and his sessions', async () => {
    expect(await getJson('/api/attackers/192.0.2.1')).toMatchObject({
      ip_address: '192.0.2.1',
      total_events: 40,
      threat_level: 'LOW',
      usernames: [
        { username: 'root', attempts: 7 },
        { username: 'admin', attempts: 2 },
      ],
      sessions: expect.any(Array),
    });
    expect((await ask('/api/attackers/198.51.100.1')).statusCode).toBe(404);
  });

  it('commands and credentials, most frequent first, by pages', async () => {
    expect(await readAll('/api/commands?limit=1', (row: { command: string }) => row.command)).toEqual([
      'uname',
      'w',
      'id',
    ]);
    expect(await readAll('/api/credentials?limit=1', (row: { username: string }) => row.username)).toEqual([
      'root',
      'pi',
    ]);
  });
});

describe('statistics', () => {
  it('totals come from the rollups and leave probes out', async () => {
    expect(await getJson('/api/stats')).toMatchObject({
      total_events: 115,
      active_sessions: 4,
      total_attackers: 4,
      total_adaptations: 3,
      events_by_severity: { LOW: 105, HIGH: 10 },
      events_by_type: { 'cowrie.command.input': 15, 'cowrie.login.failed': 100 },
      adaptations_by_status: { verified: 1, failed: 1, dry_run: 1 },
      last_24_hours: { events: 15, high: 10, events_the_day_before: 100, high_the_day_before: 0 },
      top_attackers: [{ threat_score: 0.9 }, {}, {}, {}],
    });
  });

  it('trends hold every hour of the period, also the empty ones', async () => {
    const { data, bucket } = await getJson('/api/stats/severity-trends');
    expect([bucket, data.length]).toEqual(['hour', 24]);
    expect(data.at(-1)).toEqual({
      period: '2026-11-22T12:00:00.000Z',
      UNKNOWN: 0,
      LOW: 5,
      MEDIUM: 0,
      HIGH: 0,
      total: 5,
    });
    expect(data.at(-2)).toMatchObject({ period: '2026-11-22T11:00:00.000Z', HIGH: 10, total: 10 });
    expect(data.at(-3)).toMatchObject({ total: 0 });
  });

  it('days are UTC days, and too many buckets are refused', async () => {
    const { data } = await getJson('/api/stats/severity-trends?bucket=day&from=2026-11-20&to=2026-11-22');
    expect(data.map((day: { total: number }) => day.total)).toEqual([0, 100, 15]);
    expect((await ask('/api/stats/severity-trends?from=2020-01-01')).json().error.code).toBe('VALIDATION_FAILED');
    expect((await ask('/api/stats/severity-trends?from=2026-11-22&to=2026-11-20')).statusCode).toBe(400);
  });
});

describe('decisions, adaptations, sources, parked lines', () => {
  it('decisions newest first, filtered and by pages', async () => {
    const kinds = (row: { decision: string }) => row.decision;
    expect(await readAll('/api/decisions?limit=1', kinds)).toEqual(['monitor', 'insert_trap']);
    expect((await getJson('/decisions?limit=10&decision=monitor')).data.map(kinds)).toEqual(['monitor']);
  });

  it('adaptations newest first, and one of them', async () => {
    const listed = await readAll('/api/adaptations?limit=1', (row: { status: string }) => row.status);
    expect(listed).toEqual(['dry_run', 'failed', 'verified']);
    const [row] = (await getJson('/api/adaptations?status=verified')).data;
    expect(await getJson(`/api/adaptations/${row.id}`)).toEqual(row);
    expect(row.verification).toEqual({ seen: true });
  });

  it('a source\u2019s ledger adds up, and one that does not says so', async () => {
    const { data } = await getJson('/api/sources');
    expect(data).toEqual([
      expect.objectContaining({ source_id: 'broken', active: false, balanced: false, bytes_unread: 0 }),
      expect.objectContaining({ source_id: 'live', active: true, balanced: true, bytes_seen: 130, bytes_unread: 30 }),
    ]);
    for (const { bytes_seen, bytes_stored, bytes_parked, bytes_unread, balanced } of data) {
      expect(bytes_seen === bytes_stored + bytes_parked + bytes_unread).toBe(balanced);
    }
  });

  it('parked lines show their beginning harmlessly, and resolved ones only on request', async () => {
    const { data } = await getJson('/api/parked');
    expect(data).toEqual([expect.objectContaining({ reason: 'not_json', text: '{"a\\x00\\x1b[31m\\xff', bytes: 10 })]);
    expect((await getJson('/api/parked?include_resolved=true')).data).toHaveLength(2);
  });
});

async function seed(): Promise<void> {
  const { pool } = server.database;
  const start = new Date('2026-11-22T10:30:00.123Z');
  for (const sensor of ['sensor-a', 'sensor-b']) await addSession(pool, { sessionId: 'same', sensor, start });
  await addSession(pool, { sessionId: 'high', severity: 'HIGH', start });
  await addSession(pool, { sessionId: 'ended', isActive: false, start });
  await addSession(pool, { sessionId: 'newest', sourceIp: '192.0.2.9', start: new Date(noon) });
  for (let index = 0; index < 3; index++) {
    await addEvent(pool, { at: new Date(noon + index), sessionId: 'same', command: String(index) });
  }
  await addEvent(pool, { at: new Date(noon + 1), sessionId: 'same', sensor: 'sensor-b', command: 'not mine' });
  const days = (count: number) => new Date(noon - count * 24 * hourMs);
  await addAttacker(pool, { ip: '192.0.2.1', threatScore: 0.5, events: 40, lastSeen: days(4) });
  await addAttacker(pool, { ip: '192.0.2.2', threatScore: 0.5, events: 1, lastSeen: days(3) });
  await addAttacker(pool, { ip: '192.0.2.3', threatScore: 0.9, events: 30, lastSeen: days(2) });
  await addAttacker(pool, { ip: '192.0.2.4', threatScore: 0.1, events: 20, lastSeen: days(1) });
  await pool.query(
    `insert into attacker_usernames values ('192.0.2.1', gen_random_uuid(), 'admin', 2), ('192.0.2.1', gen_random_uuid(), 'root', 7)`,
  );
  await addHour(pool, { hour: new Date(noon), severity: 'LOW', events: 1 });
  await addHour(pool, { hour: new Date(noon - hourMs), severity: 'HIGH', events: 10 });
  await addHour(pool, {
    hour: new Date(noon - 24 * hourMs),
    severity: 'LOW',
    events: 100,
    eventType: 'cowrie.login.failed',
  });
  await addAdaptation(pool, { status: 'verified', createdAt: days(3) });
  await addAdaptation(pool, { status: 'failed', success: false, createdAt: days(2) });
  await addAdaptation(pool, { status: 'dry_run', success: null, createdAt: days(1) });
  await addDecision(pool, { at: days(2), decision: 'insert_trap' });
  await addDecision(pool, { at: days(1), decision: 'monitor' });
  for (const [command, events] of Object.entries({ id: 1, uname: 9, w: 1 })) {
    const hash = `0000000${command === 'w' ? 9 : 1}-0000-0000-0000-00000000000${command.length}`;
    await pool.query('insert into rollup_commands values ($1, $2, $3, $4, now(), now())', [
      hash,
      command,
      'LOW',
      events,
    ]);
  }
  await pool.query(
    `insert into rollup_credentials values (gen_random_uuid(), 'root', 'x', 5, 0, now()), (gen_random_uuid(), 'pi', null, 2, 1, now())`,
  );
  await pool.query(
    `insert into sources (source_id, kind, place, bytes_read, bytes_stored, bytes_parked, updated_at)
     values ('live', 'file', 'a.json', 100, 90, 10, '2026-11-22'), ('broken', 'file', 'b.json', 100, 90, 9, '2026-11-23')`,
  );
  await pool.query(
    `insert into parked_lines (source_id, reason, explanation, bytes, covered_bytes, content_hash, event_id)
     values ('live', 'cut_line', 'x', 'x', 1, 'a', gen_random_uuid()), ('live', 'not_json', 'x', $1, 10, 'b', null)`,
    [Buffer.from([0x7b, 0x22, 0x61, 0, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff])],
  );
}

async function ask(url: string) {
  return await server.api.inject({ url, headers: server.as.viewer });
}

async function getJson(url: string) {
  const answer = await ask(url);
  expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
  return answer.json();
}

/** Follows the cursors to the end. */
async function readAll<Row>(url: string, pick: (row: Row) => string): Promise<string[]> {
  const read: string[] = [];
  for (let cursor = ''; ; ) {
    const { data, next_cursor } = await getJson(`${url}${cursor}`);
    read.push(...data.map(pick));
    if (next_cursor === null) return read;
    cursor = `&cursor=${next_cursor}`;
  }
}
