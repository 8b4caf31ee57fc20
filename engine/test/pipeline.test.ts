import { Readable } from 'node:stream';
import type { Assess } from '@cerberusmesh/contract/between-stages';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSession } from '../src/assess/assess.ts';
import { composePipeline, type PipelineParts } from '../src/compose/compose-pipeline.ts';
import { systemClock } from '../src/kit/clock.ts';
import type { PublishedBatch } from '../src/pipeline.ts';
import { readSourceAhead } from '../src/read-source.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';

type Work = Parameters<TestDatabase['onOneConnection']>[0];

const source = { sourceId: 'test', kind: 'file', place: 'a file' };

describe('the pipeline on a real database', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  it('stores a line once, however often and in whatever company it comes', async () => {
    const onLines = pipeline();
    await onLines(aBatch(['a', 'b', 'a']), source);
    const again = await onLines(aBatch(['b', 'c']), source);
    expect(again).toMatchObject({ stored: 1, duplicate: 1 });
    expect(await count('events')).toBe(3);
    expect(
      await one('select bytes_read = bytes_stored + bytes_parked as balanced, lines_duplicate from sources'),
    ).toEqual({
      balanced: true,
      lines_duplicate: 2,
    });
  });

  it('asks what is stored of a source until it brings only what is new, and again when something came twice', async () => {
    const published: PublishedBatch[] = [];
    const onLines = pipeline({ publish: (batch) => published.push(batch) });
    const query = vi.spyOn(database.pool, 'query');
    const looks = () => query.mock.calls.filter(([asked]) => JSON.stringify(asked).includes('find stored in')).length;
    await onLines(aBatch(['a']), source);
    await onLines(aBatch(['b']), source);
    expect(looks()).toBe(1);
    expect(await onLines(aBatch(['b', 'c']), source)).toMatchObject({ stored: 1, duplicate: 1 });
    expect(looks()).toBe(2);
    await onLines(aBatch(['d']), source);
    expect(looks()).toBe(3);
    expect(published.flatMap((batch) => batch.stored).map(({ event }) => event.detail)).toMatchObject(
      ['a', 'b', 'c', 'd'].map((input) => ({ input })),
    );
    expect(await one('select event_count, (state->>$$events$$)::int as events from sessions')).toEqual({
      event_count: 4,
      events: 4,
    });
  });

  it('goes on with a session in a process that has never seen it', async () => {
    await pipeline()(aBatch(['a', 'b']), source);
    await pipeline()(aBatch(['c']), source);
    expect(await one('select event_count, (state->>$$events$$)::int as events from sessions')).toEqual({
      event_count: 3,
      events: 3,
    });
  });

  it('goes on with a session whose beginning comes again, with more lines, in a process that has never seen it', async () => {
    await pipeline()(aBatch(['connect', 'a']), source);
    expect(await pipeline()(aBatch(['connect', 'a', 'b']), source)).toMatchObject({ stored: 1, duplicate: 2 });
    expect(await one('select event_count, (state->>$$events$$)::int as events from sessions')).toEqual({
      event_count: 3,
      events: 3,
    });
  });

  it('counts a batch once although its first try failed, and tells of its jobs when they are durable', async () => {
    let failures = 1;
    const flaky = {
      ...database,
      onOneConnection: (work: Parameters<TestDatabase['onOneConnection']>[0]) =>
        failures-- > 0 ? Promise.reject(new Error('away')) : database.onOneConnection(work),
    };
    // `as`: the overload of a generic method cannot be written as an object literal's property.
    const job = { kind: 'analyse', key: 'analyse s1', payload: {}, afterSeconds: 0 };
    const followed: unknown[] = [];
    const onLines = pipeline({
      database: flaky as TestDatabase,
      follow: () => [job],
      followed: (jobs) => followed.push(...jobs),
    });
    await expect(onLines(aBatch(['a']), source)).rejects.toThrow('away');
    expect(followed).toEqual([]);
    await onLines(aBatch(['a']), source);
    expect(followed).toEqual([job]);
    expect(await one('select count(*) from jobs')).toEqual({ count: 1 });
    expect(await one('select (state->>$$events$$)::int as events from sessions')).toEqual({ events: 1 });
  });

  it('keeps an event that assess threw at, as not analysed, and tells of it', async () => {
    const failed: string[] = [];
    const onLines = pipeline({
      assess: (event, session) => {
        if (event.detail.kind === 'command' && event.detail.input === 'b') throw new Error('a bug');
        return countEvents(event, session);
      },
      assessFailed: (event) => failed.push(event.id),
    });
    await onLines(aBatch(['a', 'b', 'c']), source);
    expect(failed).toHaveLength(1);
    expect(await one('select count(*) from events where not is_analyzed')).toEqual({ count: 1 });
  });

  it('marks every event of a visit that shows our mark, those before it included', async () => {
    const onLines = pipeline({ isProbe: (event) => event.detail.kind === 'command' && event.detail.input === 'mark' });
    await onLines(aBatch(['first']), source);
    await onLines(aBatch(['a', 'mark']), source);
    await onLines(aBatch(['later']), source);
    expect(await one('select count(*) filter (where is_probe) as marked, count(*) as all from events')).toEqual({
      marked: 4,
      all: 4,
    });
    expect(
      await one('select sum(total_events)::int as events, sum(total_sessions)::int as sessions from attackers'),
    ).toEqual({ events: 0, sessions: 0 });
    expect(await one('select sum(events)::int as events from rollup_hours')).toEqual({ events: 0 });
  });

  it('assesses a batch while the one before it is being stored, and stores a line of both once', async () => {
    const { assessLines, storeLines } = wholePipeline();
    const first = await assessLines(aBatch(['a', 'b']), source);
    const [report, second] = await Promise.all([storeLines(first), assessLines(aBatch(['b', 'c']), source)]);
    expect([report.stored, (await storeLines(second)).stored]).toEqual([2, 1]);
    expect(await one('select event_count, (state->>$$events$$)::int as events from sessions')).toEqual({
      event_count: 3,
      events: 3,
    });
  });

  it('a batch that was assessed and given up may come again', async () => {
    const { assessLines, dropLines, onLines } = wholePipeline();
    dropLines(await assessLines(aBatch(['a', 'b']), source));
    expect(await onLines(aBatch(['a', 'b']), source)).toMatchObject({ stored: 2, duplicate: 0 });
  });

  it.each([
    ['fails', (_work: Work) => Promise.reject(new Error('away'))],
    [
      'succeeds and cannot say so',
      (work: Work) => database.onOneConnection(work).then(() => Promise.reject(new Error('away'))),
    ],
  ])('batches that are assessed ahead are stored once and in order, whichever write %s', async (_how, fail) => {
    const batches = ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map((letters) => aBatch([...letters]));
    for (const failing of [[0], [1], [2, 3], [0, 1, 2, 5]]) {
      await database.pool.query('truncate events, sessions, sources, attackers');
      let writes = 0;
      const flaky = {
        ...database,
        onOneConnection: (work: Work) => (failing.includes(writes++) ? fail(work) : database.onOneConnection(work)),
      };
      let reported = 0;
      await readSourceAhead({
        source,
        batches: Readable.from(batches),
        // `as`: the overload of a generic method cannot be written as an object literal's property.
        pipeline: wholePipeline({ database: flaky as TestDatabase }),
        clock: { ...systemClock, sleep: () => Promise.resolve() },
        isWorthRetrying: (error) => String(error).includes('away'),
        onRetry: () => undefined,
        onStored: ({ stored, duplicate }) => {
          reported += stored + duplicate;
        },
      });
      expect(reported).toBe(12);
      expect(await one('select event_count, (state->>$$events$$)::int as events from sessions')).toEqual({
        event_count: 7,
        events: 7,
      });
    }
  });

  it('parks what PostgreSQL refuses of a file too, and stores once what was assessed ahead of it', async () => {
    const batches = ['a', 'b', 'c', 'd', 'e'].map((input) => aBatch([input, `${input} again`]));
    // What PostgreSQL would refuse by itself is parked before: here it refuses a word.
    await database.pool.query(
      `create function refuse() returns trigger language plpgsql as
         $$begin if new.command = 'too much' then raise 'too much' using errcode = '22003'; end if; return new; end$$;
       create trigger refuse before insert on events for each row execute function refuse()`,
    );
    const second = aBatch(['b', 'too much']);
    const reports: unknown[] = [];
    await readSourceAhead({
      source,
      batches: Readable.from([batches[0], second, ...batches.slice(2)]),
      pipeline: wholePipeline(),
      clock: systemClock,
      isWorthRetrying: () => false,
      onRetry: () => undefined,
      onStored: ({ stored, parked }) => reports.push([stored, parked]),
    });
    expect(reports).toEqual([
      [2, 0],
      [1, 1],
      [2, 0],
      [2, 0],
      [2, 0],
    ]);
    expect(await count('events')).toBe(9);
    expect(await one('select event_count from sessions')).toEqual({ event_count: 9 });
    expect(await one('select reason from parked_lines')).toEqual({ reason: 'refused_by_database' });
  });

  it('publishes what was stored, after it was stored', async () => {
    const published: PublishedBatch[] = [];
    const onLines = pipeline({ publish: (batch) => published.push(batch) });
    await onLines(aBatch(['a', 'a', 'b']), source);
    expect(published.flatMap((batch) => batch.stored).map((line) => line.event.detail)).toMatchObject([
      { input: 'a' },
      { input: 'b' },
    ]);
  });

  it('moves the position with the lines, parked ones included', async () => {
    const onLines = pipeline();
    await onLines(
      { ...aBatch([]), lines: [{ text: 'no json', coveredBytes: 8 }], readBytes: 8, position: { offset: 8 } },
      source,
    );
    expect(await one('select position, bytes_parked, lines_parked from sources')).toEqual({
      position: { offset: 8 },
      bytes_parked: 8,
      lines_parked: 1,
    });
  });

  function pipeline(parts: Partial<PipelineParts> = {}) {
    return wholePipeline(parts).onLines;
  }

  function wholePipeline(parts: Partial<PipelineParts> = {}) {
    return composePipeline({
      database,
      clock: systemClock,
      timeZone: 'UTC',
      assess: countEvents,
      startSession,
      isProbe: () => false,
      assessFailed: (_event, error) => {
        throw error;
      },
      ...parts,
    });
  }

  async function one(text: string): Promise<unknown> {
    return (await database.pool.query(text)).rows[0];
  }

  async function count(table: string): Promise<number> {
    return (await database.pool.query(`select count(*) as count from ${table}`)).rows[0].count;
  }
});

/** The smallest assess there can be: the flow is what is tested here. */
const countEvents: Assess = (_event, session) => ({
  assessment: {
    severity: 'LOW',
    threatScore: 0,
    anomalyScore: 0,
    attackType: 'none',
    confidence: 1,
    why: '',
    techniques: [],
    partial: false,
    modelVersion: 't',
  },
  session: { ...session, events: session.events + 1 },
});

/** A command a line; `connect` is the session's first line. */
function aBatch(commands: readonly string[]): LineBatch {
  const lines = commands.map((input) => {
    const text = JSON.stringify({
      eventid: input === 'connect' ? 'cowrie.session.connect' : 'cowrie.command.input',
      session: 's1',
      src_ip: '192.0.2.1',
      sensor: 'sensor-a',
      timestamp: '2026-11-21T23:50:52.062702Z',
      input,
    });
    return { text, coveredBytes: text.length + 1 };
  });
  return { sourceId: 'test', lines, position: {}, readBytes: lines.reduce((sum, line) => sum + line.coveredBytes, 0) };
}
