import { EventQuery } from '@cerberusmesh/contract/api-events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBatch, aLine } from '../../../test/support/assessed-lines.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createKeptFileStore } from '../kept-files.ts';
import { createPrepareWrite } from '../write-batch.ts';
import { windowsOfAddresses } from './address-events.ts';
import { createEventReads } from './events.ts';
import { createReader } from './reader.ts';

const start = Date.UTC(2026, 9, 28);
const now = new Date(start + 9 * 86_400_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());

/** Few of each, so that sessions last from a blink to days, over the end of a month, and change their address. */
const seen = fc.record({
  session: fc.constantFrom('a', 'b', 'c', null),
  ip: fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3', null),
  epochMs: fc.oneof(
    fc.integer({ min: 0, max: 8 * 86_400_000 }),
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 3_590_000, max: 3_610_000 }),
  ),
});

describe('the events of an address, which have no index of their own', () => {
  it('are all found, each once and newest first, in whichever sessions they are and in whatever order they came', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(seen, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 30 }),
        async (batches, limit) => {
          await database.pool.query('truncate events, sessions, session_addresses, attackers, sources');
          await store(batches);
          for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
            const wanted = await idsBy('source_ip = $1', [address]);
            expect(await listAll({ source_ip: address }, limit)).toEqual(wanted);
            expect(await listAll({ q: `ip:${address}` }, Math.max(20, limit))).toEqual(wanted);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are walked in stretches of a bounded number of sessions', async () => {
    await database.pool.query('truncate events, sessions, session_addresses, attackers, sources');
    await store([Array.from({ length: 900 }, (_, n) => ({ session: `s${n}`, ip: '192.0.2.1', epochMs: n * 1000 }))]);
    const windows: { readonly low: string; readonly high: string }[] = [];
    const all = { before: 'ffffffff-ffff-ffff-ffff-ffffffffffff', first: '00000000-0000-0000-0000-000000000000' };
    for await (const window of windowsOfAddresses(createReader(database.pool), ['192.0.2.1'], all))
      windows.push(window);
    expect(windows.length).toBeGreaterThan(3);
    for (const [index, { low }] of windows.entries()) expect(windows[index + 1]?.high ?? low).toBe(low);
  });

  it('tell of files to keep by the address of the event', async () => {
    await database.pool.query('truncate events, sessions, session_addresses, attackers, sources');
    await store([[{ session: 'a', ip: '192.0.2.1', epochMs: 0 }], [{ session: 'a', ip: '192.0.2.2', epochMs: 5 }]]);
    await database.pool.query(`update events set event_type = 'cowrie.log.closed', raw_event = '{"ttylog":"x/y"}'`);
    const files = createKeptFileStore(database.pool);
    const found = await files.findFiles(['192.0.2.2', '192.0.2.9'], new Date(start));
    expect(found).toMatchObject([{ sessionId: 'a', sourceIp: '192.0.2.2', kind: 'recording', name: 'y' }]);
  });
});

type Seen = { readonly session: string | null; readonly ip: string | null; readonly epochMs: number };

async function store(batches: readonly (readonly Seen[])[]): Promise<void> {
  const prepareWrite = createPrepareWrite(database, () => now);
  let n = 0;
  for (const batch of batches) {
    const whole = aBatch(batch.map((line) => aLine({ ...line, n: n++, epochMs: start + line.epochMs })));
    await (await prepareWrite(whole))(whole);
  }
}

async function idsBy(condition: string, values: readonly unknown[]): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select id from events where ${condition} order by id desc`,
    [...values],
  );
  return rows.map(({ id }) => id);
}

async function listAll(query: Readonly<Record<string, string>>, limit: number): Promise<string[]> {
  const reads = createEventReads(createReader(database.pool));
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const asked = EventQuery.parse({ ...query, limit, ...(cursor === '' ? {} : { cursor }) });
    const page = await reads.listEvents(asked, now);
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  return ids;
}
