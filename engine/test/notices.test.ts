import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { Notice } from '@cerberusmesh/contract/notice';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActions } from '../src/act/actions.ts';
import { createWebhook } from '../src/act/notify/channels/webhook.ts';
import { createDeliver } from '../src/act/notify/deliver.ts';
import { systemClock } from '../src/kit/clock.ts';
import { Secret } from '../src/kit/secret.ts';
import { createActionStore } from '../src/store/actions.ts';
import { createOutbox, queueNotice, withChannel } from '../src/store/notices.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { openEngineAction } from './support/engine-action.ts';
import { type HttpSink, startHttpSink } from './support/http-sink.ts';

const stop = new AbortController().signal;
const hourSeconds = 3600;

describe('notices', () => {
  let database: TestDatabase;
  let sink: HttpSink;
  let now: Date;
  beforeAll(async () => {
    [database, sink] = await Promise.all([createTestDatabase(), startHttpSink()]);
  });
  afterAll(async () => {
    await sink.close();
    await database.drop();
  });
  beforeEach(async () => {
    await database.pool.query('delete from notices');
    now = new Date('2026-11-22T12:00:00Z');
    sink.taken.length = 0;
    sink.status(200);
  });

  it('about one campaign are one, however many sessions and processes tell of it', async () => {
    await Promise.all(Array.from({ length: 20 }, () => queue('campaign:c1')));
    await deliver();
    expect(sink.taken).toHaveLength(1);
    expect(await rows('select repeats from notices')).toEqual([{ repeats: 19 }]);
    now = later(hourSeconds + 1);
    await queue('campaign:c1');
    await deliver();
    expect(sink.taken).toHaveLength(2);
  });

  it('outlive an outage of the other side: none is lost, none is sent twice', async () => {
    sink.status(503);
    await queue('attacker:a');
    await queue('attacker:b');
    for (let outage = 0; outage < 4; outage++) {
      const waitMs = (await deliver()) ?? 0;
      expect(waitMs).toBeGreaterThanOrEqual(2_500);
      now = later(waitMs / 1000);
    }
    expect(await rows("select count(*)::int as n from notices where status = 'waiting'")).toEqual([{ n: 2 }]);
    expect(await rows('select last_error from notices where last_error is not null')).not.toEqual([]);
    sink.status(200);
    expect(await deliver()).toBeNull();
    expect(await deliver()).toBeNull();
    expect(sink.taken).toHaveLength(2);
  });

  it('are given up after a day, and say so', async () => {
    sink.status(503);
    await queue('attacker:a');
    now = later(25 * hourSeconds);
    await deliver();
    expect(await rows('select status, last_error from notices')).toEqual([
      { status: 'failed', last_error: 'not taken for a day' },
    ]);
  });

  it('become a digest in a flood: 300 attackers are two messages, and none is left out', async () => {
    for (let attacker = 0; attacker < 300; attacker++) await queue(`attacker:${attacker}`);
    await deliver();
    expect(sink.taken).toHaveLength(1);
    expect(JSON.parse(sink.taken[0]?.body ?? '')).toMatchObject({ type: 'digest' });
    for (let attacker = 300; attacker < 330; attacker++) await queue(`attacker:${attacker}`);
    const waitMs = await deliver();
    expect(waitMs).toBe(15 * 60_000);
    now = later(15 * 60);
    await deliver();
    expect(sink.taken).toHaveLength(2);
    const told = sink.taken.flatMap(({ body }) => JSON.parse(body).digest.notices);
    expect(new Set(told.map(({ group }: Notice) => group)).size).toBe(330);
  });

  it('that ask something are told first and alone, in a flood too, and not at all when their time is over', async () => {
    for (let attacker = 0; attacker < 30; attacker++) await queue(`attacker:${attacker}`);
    const soon = { ...aNotice('decision:1', now), expires_at: later(60).toISOString() };
    const over = { ...aNotice('decision:2', now), expires_at: later(-1).toISOString() };
    for (const asked of [over, soon]) await queueNotice(database, asked, ['webhook'], hourSeconds);
    await deliver();
    expect(sink.taken.map(({ body }) => JSON.parse(body)).map(({ type, id }) => [type, id === soon.id])).toEqual([
      ['notice', true],
      ['digest', false],
    ]);
    expect(JSON.parse(sink.taken[1]?.body ?? '').digest.notices).toHaveLength(30);
    expect(await rows(`select status, last_error from notices where id = '${over.id}'`)).toEqual([
      { status: 'failed', last_error: 'its time was over before it was taken' },
    ]);
  });

  it('are told again, and digests go on, where the clock was put back an hour', async () => {
    for (let attacker = 0; attacker < 30; attacker++) await queue(`attacker:${attacker}`);
    await deliver();
    now = later(-hourSeconds - 1);
    expect(await queue('attacker:1')).toBe(1);
    for (let attacker = 30; attacker < 60; attacker++) await queue(`attacker:${attacker}`);
    await deliver();
    expect(sink.taken).toHaveLength(2);
    await queue('attacker:60');
    for (let attacker = 60; attacker < 90; attacker++) await queue(`attacker:${attacker}`);
    expect(await deliver()).toBe(15 * 60_000);
  });

  it('of one channel are delivered by one process at a time', async () => {
    const inside = Promise.withResolvers<void>();
    const first = withChannel(database, 'webhook', () => inside.promise.then(() => 'done'));
    await expect.poll(() => rows("select 1 from pg_locks where locktype = 'advisory'")).not.toEqual([]);
    expect(await withChannel(database, 'webhook', async () => 'second')).toBeUndefined();
    inside.resolve();
    expect(await first).toBe('done');
  });

  function queue(group: string) {
    return queueNotice(database, aNotice(group, now), ['webhook'], hourSeconds);
  }

  function deliver() {
    const run = createDeliver({ outbox: createOutbox(database), now: () => now, perHourMax: 20, digestMinutes: 15 });
    return run(createWebhook({ url: sink.url, secret: new Secret('s'), now: () => now }), stop);
  }

  async function rows(statement: string) {
    return (await database.pool.query(statement)).rows;
  }

  function later(seconds: number): Date {
    return new Date(now.getTime() + seconds * 1000);
  }
});

function aNotice(group: string, at: Date): Notice {
  return {
    id: randomUUID(),
    at: at.toISOString(),
    group,
    severity: 'HIGH',
    subject: `HIGH ${group}`,
    why: 'because',
    where: { sensor: 's', session: null, address: null },
    evidence: [],
    links: [],
  };
}

describe('escalate', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const channel = {
    CERBERUS_WEBHOOK_URL: 'http://127.0.0.1:9/hook',
    CERBERUS_WEBHOOK_SECRET: 'a secret of the tests, long enough',
  };
  it.each([
    {
      of: 'an address to be ignored',
      env: { ...channel, CERBERUS_NOTIFY_IGNORE: '9.9.9.0/24' },
      why: /nobody is told/,
    },
    { of: 'less than the threshold', env: { ...channel, CERBERUS_NOTIFY_THREAT_SCORE: '0.95' }, why: /0\.90 is below/ },
    { of: 'anything, without a channel', env: {}, why: /No channel is configured/ },
    { of: 'what is as grave as wanted', env: { ...channel, CERBERUS_NOTIFY_THREAT_SCORE: '0.9' }, why: null },
  ])('is told of $of or refused with its reason', async ({ env, why }) => {
    const decisionId = randomUUID();
    await database.pool.query(
      `insert into decisions (id, decided_at, decision, rule, why, sensor, session_id, event_id, severity, threat_score,
                              confidence, policy_version, model_version)
       values ($1, now(), 'escalate', 'r', 'because', 'trap', 's1', $1, 'HIGH', 0.9, 0.9, '1', '1')`,
      [decisionId],
    );
    const actions = createActions({
      store: createActionStore(database),
      actions: [(await openEngineAction('escalate', { CERBERUS_DATA_DIR: tmpdir(), ...env }, database)).action],
      clock: systemClock,
      dryRun: false,
      approve: async () => ({ kind: 'granted', by: null }),
      ended: () => undefined,
    });
    const about = { severity: 'HIGH' as const, sensor: 'trap', sessionId: 's1', sourceIp: '9.9.9.9' };
    const cause = { causeId: decisionId, decisionId, requestedBy: 'engine', reason: 'because', ...about };
    const asked = { kind: 'escalate' as const, parameters: {}, lifetimeSeconds: null, cause };
    const [outcome] = await actions.request(asked, stop);
    expect([outcome?.status, outcome?.error]).toEqual(
      why === null ? ['verified', null] : ['refused', expect.stringMatching(why)],
    );
    const { rows } = await database.pool.query('select from notices');
    expect(rows).toHaveLength(why === null ? 1 : 0);
  });
});
