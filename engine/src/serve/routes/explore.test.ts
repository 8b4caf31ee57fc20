import { savedSearchesMax } from '@cerberusmesh/contract/api-searches';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countTechniqueDays } from '../../store/resource-samples.ts';
import { addAdaptation, addDecision, addEvent, addSession } from '../support/rows.ts';
import { startTestServer, type TestServer } from '../support/serve-parts.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const { pool } = server.database;
  for (let index = 0; index < 2100; index += 700)
    await addEvent(pool, { at: minute(index % 60), command: `=cmd|${index}` });
  await addEvent(pool, { at: minute(59), command: 'say "hello",\n\u202eworld', severity: 'HIGH' });
});
afterAll(async () => await server.close());

describe('GET /api/campaigns/export', () => {
  it('gives each campaign with the hashes, URLs, hosts and keys that its sessions share, as text to a spreadsheet', async () => {
    await server.database.pool.query(
      `insert into campaigns (id, name, first_seen, last_seen, sessions, addresses, sensors, severity, threat_score, techniques)
       values ('11111111-1111-4111-8111-111111111111', '=run', now(), now(), 3, 2, '{a,b}', 'HIGH', 0.9, '{T1105}')`,
    );
    await server.database.pool.query(
      `insert into campaign_evidence (campaign_id, evidence_id, kind, value, sessions, witnesses, first_seen, last_seen)
       select '11111111-1111-4111-8111-111111111111', gen_random_uuid(), kind, value, 1, '{}', now(), now()
         from (values ('payload', 'aa11'), ('url', '@evil/x'), ('client', 'SSH-2.0-Go')) evidence (kind, value)`,
    );
    const [head, row, end] = (await ask('/api/campaigns/export?severity=HIGH')).body.split('\r\n');
    expect(head).toMatch(/^\ufeff"id","name",.*"techniques","payloads","urls","hosts","keys"$/);
    expect(row).toMatch(/^"1{8}.*","'=run","HIGH",.*,"3","2","a b","T1105","aa11","'@evil\/x","",""$/);
    expect(end).toBe('');
    expect((await ask('/api/campaigns/export?severity=LOW')).body.split('\r\n')).toHaveLength(2);
  });
});

describe('GET /api/events/export', () => {
  it('gives CSV that a spreadsheet runs nothing of, with the asked columns in their order', async () => {
    const { body, headers } = await ask('/api/events/export?columns=command,severity&q=severity:LOW');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toBe('attachment; filename="events.csv"');
    expect(body.split('\r\n')).toEqual([
      '\ufeff"command","severity"',
      ...[700, 1400, 0].map((n) => `"'=cmd|${n}","LOW"`),
      '',
    ]);
  });

  it('gives JSON and NDJSON of the same events', async () => {
    const json = JSON.parse((await ask('/api/events/export?format=json&columns=command&q=hello')).body);
    const ndjson = (await ask('/api/events/export?format=ndjson&columns=command&severity=HIGH')).body;
    expect(json).toEqual([{ command: 'say "hello",\n\u202eworld' }]);
    expect(
      ndjson
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(json);
    expect((await ask('/api/events/export?format=json&q=nothing')).body).toBe('[]');
  });

  it('stops at the asked number of rows, and refuses columns that are none', async () => {
    expect((await ask('/api/events/export?format=ndjson&rows=2')).body.trim().split('\n')).toHaveLength(2);
    expect((await ask('/api/events/export?columns=raw')).statusCode).toBe(400);
    expect((await ask('/api/events/export?rows=1000000')).statusCode).toBe(400);
  });
});

describe('saved searches', () => {
  it("are the asker's own; one of the same name is replaced", async () => {
    const { id } = await save({ name: 'grave', q: 'severity:HIGH' });
    await save({ name: 'grave', q: 'severity:HIGH after:7d', columns: ['command'] });
    expect((await ask('/api/searches')).json().data).toMatchObject([
      { id, list: 'events', name: 'grave', q: 'severity:HIGH after:7d' },
    ]);
    expect((await server.api.inject({ url: '/api/searches', headers: server.as.admin })).json().data).toEqual([]);
    const remove = (headers: object) =>
      server.api.inject({ method: 'DELETE', url: `/api/searches/${id}`, headers: { ...headers } });
    expect((await remove(server.as.admin)).statusCode).toBe(404);
    expect((await remove(server.as.viewer)).statusCode).toBe(200);
    expect((await ask('/api/searches')).json().data).toEqual([]);
  });

  it('must be searches of their list', async () => {
    const answer = await post({ list: 'attackers', name: 'x', q: 'technique:T1105' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.details[0].message).toContain('At character 1: expected one of the fields level');
  });

  it(`are at most ${savedSearchesMax}`, async () => {
    await server.database.pool.query(
      `insert into saved_searches (owner, list, name, q) select 'token:v', 'events', 'n' || n, 'a' from generate_series(1, $1) n`,
      [savedSearchesMax],
    );
    expect((await post({ name: 'one more', q: 'a' })).statusCode).toBe(409);
    expect((await post({ name: 'n1', q: 'b' })).statusCode).toBe(200);
  });
});

it('the Navigator layer names what was seen, and opens the parents of sub-techniques', async () => {
  await server.database.pool.query(
    `insert into rollup_techniques values ('T1105', 5, now(), now()), ('T1059.004', 2, now(), now()), ('AML.T0051', 1, now(), now())`,
  );
  const layer = (await ask('/api/stats/techniques/navigator')).json();
  expect(layer).toMatchObject({
    domain: 'enterprise-attack',
    versions: { attack: '18', layer: '4.5' },
    gradient: { minValue: 0, maxValue: 5 },
  });
  expect(
    layer.techniques.map(({ techniqueID, score }: { techniqueID: string; score: number }) => [techniqueID, score]),
  ).toEqual([
    ['T1105', 5],
    ['T1059.004', 2],
    ['T1059', 0],
  ]);
});

it('history tells patterns with their change, what decisions came to and how long they took, and what was used', async () => {
  const { pool } = server.database;
  // The database counts the techniques of the last days by its own clock.
  const nowMs = Date.now();
  const days = (count: number) => new Date(nowMs - count * 86_400_000);
  server.clock.advance(nowMs - server.clock.now().getTime());
  for (const [sessionId, daysAgo] of [
    ['s1', 9],
    ['s2', 1],
    ['s3', 1],
  ] as const) {
    await addSession(pool, { sessionId, start: days(daysAgo) });
  }
  await pool.query(`update sessions set techniques = '{T1105}'`);
  await countTechniqueDays(pool);
  const decided = await addDecision(pool, { at: days(1) });
  const eventId = await addEvent(pool, { at: new Date(days(1).getTime() - 40) });
  await pool.query('update decisions set event_id = $2 where id = $1', [decided, eventId]);
  const adaptation = await addAdaptation(pool, { createdAt: days(1) });
  await pool.query(`update adaptations set verified_at = created_at + interval '1500 ms' where id = $1`, [adaptation]);
  await pool.query('insert into resource_samples values ($1, 1000, 0.25, 5000, 12, 60)', [days(1)]);
  const history = (await ask('/api/history?days=14')).json();
  expect(history.patterns).toMatchObject([
    { technique: 'T1105', name: 'Ingress Tool Transfer', sessions: 3, change: 1 },
  ]);
  expect(history.decisions).toMatchObject([{ acted: 1, asked: 0, verified: 1, failed: 0, false_alarms: 0 }]);
  expect(history.response).toMatchObject([{ decision_ms: { p50: 40, p95: 40 }, verified_ms: { p50: 1500 } }]);
  expect(history.resources).toMatchObject([{ memory_bytes: 1000, cpu_share: 0.25, events_per_minute: 60 }]);
});

function minute(minutes: number): Date {
  return new Date(Date.UTC(2026, 10, 22, 10, minutes));
}

async function ask(url: string) {
  return await server.api.inject({ url, headers: server.as.viewer });
}

async function post(payload: object) {
  return await server.api.inject({ method: 'POST', url: '/api/searches', headers: server.as.viewer, payload });
}

async function save(payload: object) {
  const answer = await post(payload);
  expect(answer.statusCode).toBe(200);
  return answer.json();
}
