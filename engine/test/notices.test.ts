import { randomUUID } from 'node:crypto';
import type { Notice } from '@cerberusmesh/contract/notice';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWebhook } from '../src/act/notify/channels/webhook.ts';
import { createDeliver } from '../src/act/notify/deliver.ts';
import { Secret } from '../src/kit/secret.ts';
import { createOutbox, queueNotice, withChannel } from '../src/store/notices.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
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
