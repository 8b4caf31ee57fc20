import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { WatchedSource } from './health.ts';
import { addAdaptation } from './support/rows.ts';
import { startTestServer, type TestServer } from './support/serve-parts.ts';

let server: TestServer;
const undone: string[] = [];
beforeAll(async () => {
  server = await startTestServer({
    sources: [watched({ active: true, lagBytes: 12 }), watched({ active: false, lagBytes: null })],
    rollback: async (id) => {
      undone.push(id);
      const { rowCount } = await server.database.pool.query(
        `update adaptations set status = 'rolled_back' where id = $1 and status = 'verified'`,
        [id],
      );
      return rowCount === 1 ? { kind: 'rolled_back' } : { kind: 'refused', explanation: 'It does not stand any more.' };
    },
    retryParked: async (ids) => ({ retried: ids?.length ?? 9, stored: 1, still_parked: 0 }),
  });
});
afterAll(async () => await server.close());

describe('GET /health', () => {
  it('says the seed\u2019s fields, the lag and the last event\u2019s age, and no place or address', async () => {
    const answer = await server.api.inject('/health');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      status: 'degraded',
      timestamp: '2026-11-22T12:00:00.000Z',
      database: 'connected',
      logWatcher: 'active',
      sources: [
        { sensor: 'sensor-a', kind: 'file', active: true, waiting: false, lagBytes: 12, lastEventAgeSeconds: 60 },
        { sensor: 'sensor-a', kind: 'file', active: false, waiting: false, lagBytes: null, lastEventAgeSeconds: 60 },
      ],
      analyst: 'off',
      version: '0.0.0-test',
      uptimeSeconds: 0,
    });
  });

  it('is healthy while a log that nobody named is not there, as long as something is read', async () => {
    const usual = { ...watched({ active: false, lagBytes: null }), isWaiting: true };
    const statusOf = async (sources: readonly WatchedSource[]) => {
      const own = await startTestServer({ sources });
      onTestFinished(async () => await own.close());
      return (await own.api.inject('/health')).json().status;
    };
    expect(await statusOf([usual, watched({ active: true, lagBytes: 0 })])).toBe('healthy');
    expect(await statusOf([usual])).toBe('degraded');
  });

  it('is 503 while the database takes no connection', async () => {
    const own = await startTestServer({ sources: [watched({ active: true, lagBytes: 0 })] });
    onTestFinished(async () => await own.close());
    await own.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cerberus-read'`,
    );
    const name = new URL(own.database.url).pathname.slice(1);
    const other = server.database.pool;
    await other.query(`alter database ${name} allow_connections false`);
    const answer = await own.api.inject('/health');
    expect([answer.statusCode, answer.json().database, answer.json().status]).toEqual([
      503,
      'disconnected',
      'unhealthy',
    ]);
    await other.query(`alter database ${name} allow_connections true`);
  });
});

describe('GET /metrics', () => {
  it('is Prometheus text, and the seed\u2019s figures as JSON on request', async () => {
    server.figures.eventsStored(120, 3);
    server.clock.advance(30_000);
    server.figures.eventsStored(30, 0);
    server.figures.decisionStored(12);
    server.figures.sessionLookedUp(3, 1);
    await addAdaptation(server.database.pool, { status: 'applied', success: true, createdAt: server.clock.now() });
    await addAdaptation(server.database.pool, { status: 'failed', success: false, createdAt: server.clock.now() });
    const text = await server.api.inject({ url: '/metrics', headers: server.as.viewer });
    expect(text.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text.body).toContain('cerberus_events_stored_total 150');
    const headers = { ...server.as.viewer, accept: 'application/json' };
    expect((await server.api.inject({ url: '/metrics', headers })).json()).toEqual({
      events_processed_per_minute: 150,
      decision_latency_ms: { p50: 12, p95: 12, p99: 12 },
      action_success_rate: 0.5,
      false_positive_rate: 0,
      cache_hit_ratio: 0.75,
      events_total: 150,
      lines_parked_total: 0,
      live_clients: 0,
    });
  });

  it('events older than a minute count no more', async () => {
    server.clock.advance(31_000);
    expect((await server.figures.read()).events_processed_per_minute).toBe(30);
    server.clock.advance(60_000);
    expect((await server.figures.read()).events_processed_per_minute).toBe(0);
  });
});

describe('POST /config', () => {
  it('changes settings without a restart, keeps them, and says in the audit log who did it', async () => {
    const heard: unknown[] = [];
    const stop = server.settings.onChange((settings) => heard.push(settings));
    onTestFinished(stop);
    const payload = { ENABLE_AUTO_ADAPTATION: false, ADAPTATION_COOLDOWN_SECONDS: 60 };
    const answer = await server.api.inject({ method: 'POST', url: '/config', headers: server.as.admin, payload });
    expect(answer.json()).toEqual({ ...answer.json(), ...payload, HIGH_SEVERITY_THRESHOLD: 0.7 });
    expect((await server.api.inject({ url: '/config', headers: server.as.viewer })).json()).toEqual(answer.json());
    expect(heard).toEqual([answer.json()]);
    const { rows } = await server.database.pool.query(
      `select actor, details from audit_log where action = 'settings.change'`,
    );
    expect(rows).toEqual([
      {
        actor: 'token:a',
        details: { before: { ENABLE_AUTO_ADAPTATION: true, ADAPTATION_COOLDOWN_SECONDS: 300 }, after: payload },
      },
    ]);
  });
});

describe('undo and retry', () => {
  it('a rollback is done once, audited with its reason, and counts as false alarm only where a person says so', async () => {
    const id = await addAdaptation(server.database.pool, { createdAt: server.clock.now() });
    const undo = () =>
      server.api.inject({
        method: 'POST',
        url: `/api/adaptations/${id}/rollback`,
        headers: server.as.operator,
        payload: { reason: 'false_alarm', note: 'it was our scanner' },
      });
    const first = await undo();
    expect([first.statusCode, first.json().status]).toEqual([200, 'rolled_back']);
    const second = await undo();
    expect([second.statusCode, second.json().error.code]).toEqual([409, 'CONFLICT']);
    expect(undone).toEqual([id, id]);
    const { rows } = await server.database.pool.query(
      `select actor, subject, details from audit_log where action = 'adaptation.rollback'`,
    );
    expect(rows).toEqual([
      { actor: 'token:o', subject: id, details: { reason: 'false_alarm', note: 'it was our scanner' } },
    ]);
  });

  it('a retry passes the ids on and is audited', async () => {
    const ask = (payload?: object) =>
      server.api.inject({
        method: 'POST',
        url: '/api/parked/retry',
        headers: server.as.operator,
        ...(payload ? { payload } : {}),
      });
    expect((await ask({ ids: ['1', '2'] })).json()).toEqual({ retried: 2, stored: 1, still_parked: 0 });
    expect((await ask()).json()).toMatchObject({ retried: 9 });
    expect((await ask({ ids: ['1; drop table events'] })).statusCode).toBe(400);
  });
});

function watched(state: { active: boolean; lagBytes: number | null }) {
  const lastEventAt = new Date('2026-11-22T11:59:00Z');
  return { sourceId: 'x', sensor: 'sensor-a', kind: 'file', lastEventAt, ...state };
}
