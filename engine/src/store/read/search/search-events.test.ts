import { EventQuery } from '@cerberusmesh/contract/api-events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts';
import { addEvent } from '../../../serve/support/rows.ts';
import { createEventReads } from '../events.ts';
import { createReader } from '../reader.ts';

interface Stored {
  readonly id: string;
  readonly atMs: number;
  readonly severity: string;
  readonly sourceIp: string;
  readonly command: string | null;
  readonly username: string | null;
  readonly sensor: string;
  readonly eventType: string;
  readonly score: number;
  readonly techniques: readonly string[];
}

let database: TestDatabase;
const stored: Stored[] = [];
const start = Date.UTC(2026, 10, 20);
const now = new Date(start + 4 * 86_400_000);
const addresses = ['203.0.113.7', '203.0.113.130', '203.0.114.1', '2001:db8::7', '2001:db9::7', '<img src=x>'];
const commands = [null, 'wget http://x.example/a', 'WGET "quoted" 100%', 'uname -a', 'echo \\ back_slash'];

beforeAll(async () => {
  database = await createTestDatabase();
  for (let index = 0; index < 120; index++) {
    // Bursts and gaps, so that hours hold many and none.
    const atMs = start + (index < 60 ? index * 61_000 : index * 1_700_000) + (index % 7);
    const row = {
      severity: ['LOW', 'LOW', 'MEDIUM', 'HIGH', 'UNKNOWN'][index % 5] ?? 'LOW',
      sourceIp: addresses[(index * 7) % addresses.length] ?? '',
      command: commands[(index * 3) % commands.length] ?? null,
      username: index % 4 === 0 ? 'root' : index % 4 === 1 ? 'admin' : null,
      sensor: index % 3 === 0 ? 'b' : 'a',
      eventType: index % 11 === 0 ? 'cowrie.login.failed' : 'cowrie.command.input',
    };
    const { username, ...rest } = row;
    const id = await addEvent(database.pool, {
      at: new Date(atMs),
      ...rest,
      ...(username === null ? {} : { username }),
    });
    const score = (index % 10) / 10;
    const techniques = index % 6 === 0 ? ['T1105'] : index % 6 === 1 ? ['T1059.004', 'T1082'] : [];
    await database.pool.query('update events set threat_score = $2, techniques = $3 where id = $1', [
      id,
      score,
      techniques,
    ]);
    stored.push({ id, atMs, ...row, score, techniques });
  }
  await database.pool.query(
    `insert into rollup_techniques select t, count(*), min(timestamp), max(timestamp) from events, unnest(techniques) t group by t;
     insert into attackers (ip_address, country, asn, first_seen, last_seen)
     select source_ip, case when source_ip like '203.%' then 'NL' end, 64500, min(timestamp), max(timestamp) from events group by 1, 2`,
  );
  stored.sort((a, b) => (a.id < b.id ? 1 : -1));
}, 60_000);
afterAll(async () => await database.drop());

const says = (event: Stored, text: string) =>
  [event.command, event.username].some((said) => said?.toLowerCase().includes(text.toLowerCase()));

/** Terms with what they mean, said a second time. */
const terms: readonly { readonly q: string; readonly holds: (event: Stored) => boolean }[] = [
  { q: 'wget', holds: (event) => says(event, 'wget') },
  { q: '"100%"', holds: (event) => says(event, '100%') },
  { q: '"\\"quoted\\""', holds: (event) => says(event, '"quoted"') },
  { q: 'command:"\\\\ back_"', holds: (event) => event.command?.includes('\\ back_') ?? false },
  { q: 'raw:uname', holds: () => true },
  { q: 'severity:HIGH', holds: ({ severity }) => severity === 'HIGH' },
  { q: 'severity:medium,unknown', holds: ({ severity }) => severity === 'MEDIUM' || severity === 'UNKNOWN' },
  { q: 'type:login.failed', holds: ({ eventType }) => eventType === 'cowrie.login.failed' },
  { q: 'type:cowrie.comm*', holds: ({ eventType }) => eventType === 'cowrie.command.input' },
  { q: 'sensor:b', holds: ({ sensor }) => sensor === 'b' },
  { q: 'user:root', holds: ({ username }) => username === 'root' },
  { q: 'user:*min', holds: ({ username }) => username === 'admin' },
  { q: 'score:>0.6', holds: ({ score }) => score > 0.6 },
  { q: 'score:0.6', holds: ({ score }) => score === 0.6 },
  { q: 'score:0.2..0.4', holds: ({ score }) => score >= 0.2 && score <= 0.4 },
  { q: 'technique:T1059', holds: ({ techniques }) => techniques.includes('T1059.004') },
  { q: 'technique:T1105,T1082', holds: ({ techniques }) => techniques.some((id) => id === 'T1105' || id === 'T1082') },
  { q: 'technique:T9999', holds: () => false },
  { q: 'ip:203.0.113.7', holds: ({ sourceIp }) => sourceIp === '203.0.113.7' },
  { q: 'ip:203.0.113.0/25', holds: ({ sourceIp }) => sourceIp === '203.0.113.7' },
  { q: 'ip:203.0.112.0/23', holds: ({ sourceIp }) => sourceIp.startsWith('203.0.113.') },
  { q: 'ip:203.0.0.0/16', holds: ({ sourceIp }) => sourceIp.startsWith('203.0.') },
  { q: 'ip:0.0.0.0/0', holds: ({ sourceIp }) => /^\d/.test(sourceIp) && !sourceIp.includes(':') },
  { q: 'ip:2001:db8::/32', holds: ({ sourceIp }) => sourceIp === '2001:db8::7' },
  {
    q: 'ip:203.0.114.*,2001:db8::7',
    holds: ({ sourceIp }) => sourceIp === '203.0.114.1' || sourceIp === '2001:db8::7',
  },
  { q: 'ip:"<img src=x>"', holds: ({ sourceIp }) => sourceIp === '<img src=x>' },
  { q: 'country:nl', holds: ({ sourceIp }) => sourceIp.startsWith('203.') },
  { q: 'asn:64500', holds: () => true },
  { q: 'after:2026-11-20T01:30', holds: ({ atMs }) => atMs >= start + 5_400_000 },
  { q: 'before:2026-11-21', holds: ({ atMs }) => atMs < start + 86_400_000 },
  { q: 'on:2026-11-21', holds: ({ atMs }) => atMs >= start + 86_400_000 && atMs < start + 2 * 86_400_000 },
  { q: 'after:3d', holds: ({ atMs }) => atMs >= now.getTime() - 3 * 86_400_000 },
];

interface Search {
  readonly q: string;
  readonly holds: (event: Stored) => boolean;
}

const search: fc.Arbitrary<Search> = fc.letrec<{ any: Search; pair: Search; turned: Search }>((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, fc.constantFrom(...terms), tie('pair'), tie('turned')),
  pair: fc.tuple(tie('any'), tie('any'), fc.boolean()).map(([a, b, isOr]) => ({
    q: isOr ? `(${a.q} OR ${b.q})` : `(${a.q} ${b.q})`,
    holds: (event: Stored) => (isOr ? a.holds(event) || b.holds(event) : a.holds(event) && b.holds(event)),
  })),
  turned: tie('any').map((a) => ({ q: `-${a.q}`, holds: (event: Stored) => !a.holds(event) })),
})).any;

describe('searching events', () => {
  it.each(terms.map(({ q }) => q))('%s finds what it says', async (q) => {
    const holds = terms.find((term) => term.q === q)?.holds ?? (() => false);
    expect(await findAll(q, 50)).toEqual(stored.filter(holds).map(({ id }) => id));
  });

  it('any search finds exactly what it means, page by page, whichever way it is gone about', async () => {
    await fc.assert(
      fc.asyncProperty(search, fc.integer({ min: 20, max: 200 }), async ({ q, holds }, limit) => {
        expect(await findAll(q, limit)).toEqual(stored.filter(holds).map(({ id }) => id));
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('finds letters beyond ASCII in a line as they are, and as Cowrie writes them', async () => {
    const spellings = ['uname caf\u00e9 \u4e0b', 'uname caf\\u00e9 \\u4e0b'];
    const told = stored.slice(0, 2);
    for (const [at, { id }] of told.entries()) {
      await database.pool.query('update events set raw_event = $2 where id = $1', [id, `{"input":"${spellings[at]}"}`]);
    }
    expect(await findAll('raw:"caf\u00e9 \u4e0b"', 50)).toEqual(told.map(({ id }) => id));
    expect(await findAll('-raw:caf\u00e9', 50)).toHaveLength(stored.length - 2);
  });

  it('goes together with the filters that were there before it', async () => {
    const ids = await findAll('wget', 50, { severity: 'HIGH', sensor: 'a', from: '2026-11-20T00:20:30Z' });
    expect(ids).toEqual(
      stored
        .filter((event) => says(event, 'wget') && event.severity === 'HIGH' && event.sensor === 'a')
        .filter(({ atMs }) => atMs >= start + 1_230_000)
        .map(({ id }) => id),
    );
  });
});

async function findAll(q: string, limit: number, filters: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const reads = createEventReads(createReader(database.pool));
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await reads.listEvents(
      EventQuery.parse({ q, limit, ...filters, ...(cursor === '' ? {} : { cursor }) }),
      now,
    );
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  return ids;
}
