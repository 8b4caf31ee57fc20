import { EventQuery } from '@cerberusmesh/contract/api-events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { addEvent } from '../../serve/support/rows.ts';
import { createEventReads } from './events.ts';
import { createReader } from './reader.ts';

let database: TestDatabase;
const stored: { id: string; atMs: number; type: string; severity: string; sensor: string }[] = [];
const start = Date.UTC(2026, 10, 20);

beforeAll(async () => {
  database = await createTestDatabase();
  // Bursts and gaps: most in the first hours, some alone in theirs, one type on the edges of hours.
  for (let index = 0; index < 160; index++) {
    const atMs = start + (index < 80 ? index * 61_000 : index * 1_800_000) + (index % 7);
    const row = {
      type: index % 11 === 0 ? 'rare' : 'common',
      severity: ['LOW', 'LOW', 'MEDIUM', 'HIGH', 'UNKNOWN'][index % 5] ?? 'LOW',
      sensor: index % 3 === 0 ? 'b' : 'a',
    };
    const id = await addEvent(database.pool, { at: new Date(atMs), eventType: row.type, ...row });
    stored.push({ id, atMs, ...row });
  }
  stored.sort((a, b) => (a.id < b.id ? 1 : -1));
});
afterAll(async () => await database.drop());

describe('events by type, sensor or severity', () => {
  it('the rollup only shortens the way: any filter, period and page size gives what a look at every event gives', async () => {
    const reads = createEventReads(createReader(database.pool));
    const moment = fc.integer({ min: -3_600_000, max: 300_000_000 }).map((offset) => start + offset);
    const question = fc.record(
      {
        type: fc.constantFrom('rare', 'common', 'none'),
        sensor: fc.constantFrom('a', 'b'),
        severity: fc.constantFrom('LOW', 'HIGH', 'MEDIUM,UNKNOWN'),
        from: moment,
        to: moment,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(question, fc.integer({ min: 1, max: 60 }), async ({ from, to, ...filter }, limit) => {
        const period = {
          ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
          ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
        };
        const read: string[] = [];
        for (let cursor: string | null = ''; cursor !== null; ) {
          const query = EventQuery.parse({ ...filter, ...period, limit, ...(cursor === '' ? {} : { cursor }) });
          const page = await reads.listEvents(query, new Date(start));
          read.push(...page.data.map((event) => event.id));
          cursor = page.next_cursor;
        }
        const expected = stored
          .filter(({ type }) => filter.type === undefined || type === filter.type)
          .filter(({ sensor }) => filter.sensor === undefined || sensor === filter.sensor)
          .filter(({ severity }) => filter.severity === undefined || filter.severity.split(',').includes(severity))
          .filter(({ atMs }) => (from === undefined || atMs >= from) && (to === undefined || atMs < to));
        expect(read).toEqual(expected.map(({ id }) => id));
      }),
      { numRuns: 150 },
    );
  });

  it('hours whose events are gone by retention cost no row of the hours before them', async () => {
    await database.pool.query(
      `insert into rollup_hours select timestamptz '2027-01-01' + n * interval '1 hour', 'a', 'rare', 'LOW', 1000
         from generate_series(1, 30) n`,
    );
    const reads = createEventReads(createReader(database.pool));
    const page = await reads.listEvents(EventQuery.parse({ type: 'rare', limit: 10 }), new Date(start));
    expect(page.data.map((event) => event.id)).toEqual(
      stored
        .filter(({ type }) => type === 'rare')
        .slice(0, 10)
        .map(({ id }) => id),
    );
    expect(page.next_cursor).not.toBeNull();
  });
});
