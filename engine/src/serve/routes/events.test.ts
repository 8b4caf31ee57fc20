import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addEvent, addSession } from '../support/rows.ts';
import { startTestServer, type TestServer } from '../support/serve-parts.ts';

let server: TestServer;
/** Two minutes apart, oldest first. */
let ids: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  const { pool } = server.database;
  await addSession(pool);
  for (let index = 0; index < 12; index++) {
    ids.push(
      await addEvent(pool, {
        at: minute(index * 2),
        severity: (['LOW', 'MEDIUM', 'HIGH'] as const)[index % 3] ?? 'LOW',
        sourceIp: index % 2 === 0 ? '192.0.2.1' : '2001:db8::7',
        eventType: index === 5 ? 'cowrie.login.success' : 'cowrie.command.input',
        sensor: index === 7 ? 'sensor-b' : 'sensor-a',
      }),
    );
  }
  ids = ids.toReversed();
  await addEvent(pool, { at: minute(100), isProbe: true });
});
afterAll(async () => await server.close());

describe('GET /api/events', () => {
  it.each([
    ['', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ['severity=HIGH', [0, 3, 6, 9]],
    ['severity=high,MEDIUM&limit=3', [0, 1, 3]],
    ['source_ip=2001:db8::7', [0, 2, 4, 6, 8, 10]],
    ['event_type=cowrie.login.success', [6]],
    ['type=cowrie.login.success', [6]],
    ['sensor=sensor-b', [4]],
    ['session_id=a1b2c3d4e5f6&limit=1', [0]],
    ['session_id=other', []],
    ['from=2026-11-22T10:20:00Z', [0, 1]],
    ['from=2026-11-22T12:20:00%2B02:00', [0, 1]],
    ['to=2026-11-22T10:04:00Z', [10, 11]],
    ['start_date=2026-11-22T10:04:00Z&end_date=2026-11-22T10:08:00Z', [8, 9]],
    ['from=2026-11-22&to=2026-11-22', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ['from=2026-11-23', []],
    ['to=2026-11-21', []],
    ['q=severity:HIGH%20type:login.success%20OR%20sensor:sensor-b', [4, 6]],
    ['q=uname%20-severity:LOW&severity=LOW,MEDIUM&from=2026-11-22T10:20:00Z', [1]],
  ])('?%s gives the right ones, newest first', async (query, expected) => {
    const { data } = await getJson(`/api/events?${query}`);
    expect(idsOf(data)).toEqual(expected.map((index) => ids[index]));
  });

  it('tells where a search has its fault, and what was expected there', async () => {
    const answer = await ask('/api/events?q=wget%20severity:HUGE');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.details).toEqual([
      {
        path: 'querystring.q',
        message: 'At character 15: expected one of UNKNOWN, LOW, MEDIUM, HIGH, not HUGE',
      },
    ]);
  });

  it('leaves out our own probe unless it is asked for', async () => {
    expect((await getJson('/api/events?limit=1')).data[0].is_probe).toBe(false);
    expect((await getJson('/api/events?limit=1&include_probe=true')).data[0].is_probe).toBe(true);
  });

  it('is also under the first seed\u2019s name', async () => {
    expect(await getJson('/events?limit=5')).toEqual(await getJson('/api/events?limit=5'));
  });

  it('pages of any size give every event once, also while newer ones arrive', async () => {
    let newer = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 13 }), async (limit) => {
        const before = idsOf((await getJson('/api/events?limit=1000')).data);
        const read: string[] = [];
        for (let cursor = ''; ; ) {
          const page = await getJson(`/api/events?limit=${limit}${cursor}`);
          read.push(...idsOf(page.data));
          if (page.next_cursor === null) break;
          cursor = `&cursor=${page.next_cursor}`;
          await addEvent(server.database.pool, { at: minute(200 + newer++) });
        }
        expect(read).toEqual(before);
      }),
      { numRuns: 6 },
    );
  });

  it.each([
    ['garbage', 'x'],
    ['of another list', Buffer.from('{"list":"sessions","keys":["2026-11-22T10:00:00Z"]}').toString('base64url')],
    ['with a key that is no id', Buffer.from('{"list":"events","keys":["1 or 1=1"]}').toString('base64url')],
    ['with keys that are no list', Buffer.from('{"list":"events","keys":null}').toString('base64url')],
  ])('a cursor that is %s is refused as BAD_CURSOR', async (_, cursor) => {
    const answer = await ask(`/api/events?cursor=${cursor}`);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'BAD_CURSOR']);
  });

  it('any text as a cursor gives 400, never 500', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 300, unit: 'binary' }), async (text) => {
        expect((await ask(`/api/events?cursor=${encodeURIComponent(text.toWellFormed())}`)).statusCode).toBe(400);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=ten',
    'severity=BAD',
    'from=yesterday',
    'from=2026-13-01',
    'serverity=HIGH',
    'source_ip=%00',
    'source_ip=',
    'limit=1&limit=2',
    `sensor=${'x'.repeat(300)}`,
  ])('?%s is refused, and the answer says where', async (query) => {
    const answer = await ask(`/api/events?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: [{ message: expect.any(String) }],
    });
  });

  it('years that no timestamp can hold are empty periods, not faults', async () => {
    expect(await getJson('/api/events?to=0001-01-01')).toEqual({ data: [], next_cursor: null });
    expect(await getJson('/api/events?from=9999-12-31')).toEqual({ data: [], next_cursor: null });
  });

  it('shows the beginning of a long command and says so; the single event has all of it', async () => {
    const id = await addEvent(server.database.pool, { at: minute(100_000), command: 'x'.repeat(1_000_000) });
    const [shown] = (await getJson('/api/events?limit=1')).data;
    expect(shown).toMatchObject({ id, shortened: true });
    expect(shown.command).toHaveLength(2000);
    const whole = await getJson(`/api/events/${id}`);
    expect(whole.command).toHaveLength(1_000_000);
    expect(whole.shortened).toBe(false);
  });
});

describe('GET /api/events/:id', () => {
  it('gives the event with its raw line, its session and its neighbours in order', async () => {
    const event = await getJson(`/api/events/${ids[6]}`);
    expect(event).toMatchObject({
      id: ids[6],
      event_type: 'cowrie.login.success',
      raw_event: { eventid: 'cowrie.login.success' },
      assessment: { modelVersion: '1' },
      why: 'because',
      raw_bytes: null,
      session: { session_id: 'a1b2c3d4e5f6', client_version: 'SSH-2.0-Go', is_active: true },
    });
    expect(idsOf(event.before)).toEqual([11, 10, 9, 8, 7].map((index) => ids[index]));
    // The one between is another sensor's, whose session only has the same name.
    expect(idsOf(event.after).slice(0, 5)).toEqual([5, 3, 2, 1, 0].map((index) => ids[index]));
  });

  it('an id that is none gives 400, an unknown one 404', async () => {
    expect((await ask('/api/events/1')).statusCode).toBe(400);
    expect((await ask('/api/events/00000000-0000-0000-0000-000000000000')).json().error.code).toBe('NOT_FOUND');
  });
});

function minute(minutes: number): Date {
  return new Date(Date.UTC(2026, 10, 22, 10, minutes));
}

function idsOf(events: readonly { readonly id: string }[]): string[] {
  return events.map((event) => event.id);
}

async function ask(url: string) {
  return await server.api.inject({ url, headers: server.as.viewer });
}

async function getJson(url: string) {
  const answer = await ask(url);
  expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
  return answer.json();
}

it('as many are given as is configured where no limit is asked for', async () => {
  const small = await startTestServer({ config: { eventsLimitDefault: 2 } });
  for (let index = 0; index < 3; index++) await addEvent(small.database.pool, { at: minute(index) });
  const lengths = await Promise.all(
    ['/events', '/api/events?limit=3'].map(async (url) => {
      const { body } = await small.api.inject({ url, headers: small.as.viewer });
      return JSON.parse(body).data.length;
    }),
  );
  expect(lengths).toEqual([2, 3]);
  await small.close();
});
