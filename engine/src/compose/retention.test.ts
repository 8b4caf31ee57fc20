import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { defaultSettings, type Settings } from '@cerberusmesh/contract/settings';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeLines } from '../../../bench/make-lines.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { readConfig } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { openSettings } from '../store/settings.ts';
import { openReplay } from './open-replay.ts';
import { composeRetention } from './retention.ts';
import { createReadRetention } from './tell-retention.ts';

const september = Date.UTC(2025, 8, 10);
let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'cerberus-retention-'));
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

it('archives a month and reads it back: the same rows, once, and nothing counted again', async () => {
  await writeLog(2_000);
  await replay(database, join(folder, 'cowrie.json'));
  const before = await digest(database);
  expect(before.events).toBe(2_000 + oddLines.length);
  expect(await retention().runOnce()).toEqual({ takenOut: ['2025-09'], archived: ['2025-09'] });
  expect(await digest(database)).toMatchObject({ events: 0, sessionEvents: before.sessionEvents });
  const archive = await findArchive();
  expect(await replay(database, archive)).toMatchObject({ stored: before.events, duplicate: 0, parked: 0 });
  expect(await digest(database)).toEqual(before);
  expect(await replay(database, archive)).toMatchObject({ stored: 0, duplicate: before.events, parked: 0 });
  expect(await digest(database)).toEqual(before);
  expect(await unbalanced()).toBe(0);
  // What was read back is not removed by the next round.
  expect(await retention().runOnce()).toEqual({ takenOut: [], archived: [] });
});

it('is a log of Cowrie to any other database: the same ids and lines, counted there', async () => {
  await writeLog(500);
  await replay(database, join(folder, 'cowrie.json'));
  const before = await digest(database);
  await retention().runOnce();
  const other = await createTestDatabase();
  try {
    await replay(other, await findArchive());
    // Assessed anew, in another order where two events have one time: what a session was then may differ.
    const { rows: _rows, ...same } = before;
    expect(await digest(other)).toMatchObject(same);
    const lines = gunzipSync(await readFile(await findArchive()))
      .toString()
      .trim()
      .split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ eventid: 'cowrie.session.connect' });
  } finally {
    await other.drop();
  }
});

it('keeps the events where the archive cannot be written, and goes on when it can', async () => {
  await writeLog(100);
  await replay(database, join(folder, 'cowrie.json'));
  await writeFile(join(folder, 'archive'), 'a file where the folder should be');
  await expect(retention().runOnce()).rejects.toThrow(/EEXIST|ENOTDIR/);
  expect(await count('select count(*) from archives where archived_at is null')).toBe(1);
  await rm(join(folder, 'archive'));
  expect(await retention().runOnce()).toEqual({ takenOut: [], archived: ['2025-09'] });
  expect(await replay(database, await findArchive())).toMatchObject({ stored: 100 + oddLines.length });
});

it('drops the oldest month where the disk is low and no archive is wanted', async () => {
  await writeLog(100);
  await replay(database, join(folder, 'cowrie.json'));
  const limits = { CERBERUS_RETENTION_DAYS: null, CERBERUS_DISK_FREE_MB: 64 };
  const full = { freeBytes: 2 ** 20, isArchived: false };
  expect(await retention(limits, { ...full, freeBytes: 2 ** 30 }).runOnce()).toMatchObject({ takenOut: [] });
  expect(await retention(limits, full).runOnce()).toEqual({ takenOut: ['2025-09'], archived: [] });
  expect((await digest(database)).events).toBe(0);
  expect(existsSync(join(folder, 'archive'))).toBe(false);
  // The month that is now is never taken.
  expect(await retention(limits, full).runOnce()).toMatchObject({ takenOut: [] });
});

it('tells what limits would take out, and takes it out in the round after an admin has set them', async () => {
  await writeLog(100);
  await replay(database, join(folder, 'cowrie.json'));
  const settings = await openSettings({ database, configured: defaultSettings });
  const read = createReadRetention({ database, settings, clock: systemClock, isArchived: false, parkedMb: 1 });
  const log = { info: () => undefined, warn: () => undefined };
  const config = { database: { archiveDir: null, parkedMb: 1 } };
  const running = composeRetention({ config, database, settings, clock: systemClock, log });
  expect(await running.runOnce()).toMatchObject({ takenOut: [] });
  expect(await read({})).toMatchObject({ days: null, expires: [] });
  expect(await read({ days: 30 })).toMatchObject({ days: null, expires: [{ month: '2025-09', reason: 'age' }] });
  await settings.update({ CERBERUS_RETENTION_DAYS: 30 }, 'user:ada');
  expect(await read({})).toMatchObject({ days: 30, expires: [{ month: '2025-09' }] });
  expect(await running.runOnce()).toMatchObject({ takenOut: ['2025-09'] });
  expect(await read({})).toMatchObject({ days: 30, expires: [], months: [] });
});

/** What JSON, jsonb and PostgreSQL's text make different from the line: none may cost its id or its bytes. */
const oddLines = [
  Buffer.from(oddLine('nul \\u0000 in it', '')),
  Buffer.from(oddLine('half \\ud800 of a pair', '')),
  Buffer.concat([Buffer.from(oddLine('no utf-8: ', '').slice(0, -2)), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
  Buffer.from(oddLine('numbers', ',"big":12345678901234567890123,"small":1.10e-3,"one":1.0,"endless":-1e400000')),
  Buffer.from(`${oddLine('blanks', ',\t"escaped":"caf\\u00e9"\r')}\t \r`),
  Buffer.from(oddLine('twice', ',"z":1,"a":2,"z":3,"cerberusmesh":{"archive":"x","row":{}}')),
];

function oddLine(input: string, more: string): string {
  return `{"eventid":"cowrie.command.input","timestamp":"2025-09-10T01:02:03.000004Z","session":"odd","sensor":"s"${more},"input":"${input}"}`;
}

async function writeLog(count: number): Promise<void> {
  const file = join(folder, 'cowrie.json');
  await writeFile(file, `${[...makeLines(count, 7, september)].join('\n')}\n`);
  for (const line of oddLines) await appendFile(file, Buffer.concat([line, Buffer.from('\n')]));
}

async function replay(into: TestDatabase, file: string) {
  const env = { DATABASE_URL: into.url, CERBERUS_DATA_DIR: folder };
  const config = readConfig({
    ...{ env, flags: {}, cwd: folder, home: folder, projectDir: null },
    readFile: () => {
      throw Object.assign(new Error('there is none'), { code: 'ENOENT' });
    },
  });
  const totals = { stored: 0, duplicate: 0, parked: 0 };
  const opened = await openReplay({ config, stderr: new Writable({ write: (_chunk, _encoding, done) => done() }) });
  await opened.readFile(file, {
    onProgress: () => undefined,
    onStored({ stored, duplicate, parked }) {
      totals.stored += stored;
      totals.duplicate += duplicate;
      totals.parked += parked;
    },
  });
  await opened.close();
  return totals;
}

function retention(limits: Partial<Settings> = {}, { freeBytes = 0, isArchived = true } = {}) {
  const log = { info: () => undefined, warn: () => undefined };
  const config = { database: { archiveDir: isArchived ? join(folder, 'archive') : null, parkedMb: 1 } };
  const settings = { refresh: async () => ({ ...defaultSettings, CERBERUS_RETENTION_DAYS: 30, ...limits }) };
  return composeRetention({ config, database, settings, clock: systemClock, log, freeBytesOf: async () => freeBytes });
}

async function findArchive(): Promise<string> {
  const [name = '', ...others] = await readdir(join(folder, 'archive'));
  expect([name, others]).toEqual([expect.stringMatching(/^events-2025-09-[0-9a-f]{8}\.ndjson\.gz$/), []]);
  return join(folder, 'archive', name);
}

/** Every row with all its columns, and what is counted of them. Between the parts of a line one blank is as good as another. */
async function digest({ pool }: TestDatabase) {
  const { rows } = await pool.query(
    `select (select count(*) from events) as events,
            (select md5(string_agg(jsonb_populate_record(e, '{"raw_event":null}')::text, '' order by e.id)) from events e) as rows,
            (select md5(string_agg((id, event_type, timestamp, sensor, source_ip, command,
                                    rtrim(translate(raw_event::text, E'\\r\\t', '  ')), raw_bytes)::text, '' order by id))
               from events) as lines,
            (select sum(event_count) from sessions)::int as "sessionEvents",
            (select sum(events) from rollup_hours)::int as "rollupEvents",
            (select sum(total_events) from attackers)::int as "attackerEvents"`,
  );
  return rows[0];
}

async function unbalanced(): Promise<number> {
  return await count('select count(*) from sources where bytes_read <> bytes_stored + bytes_parked');
}

async function count(text: string): Promise<number> {
  return Number((await database.pool.query(text)).rows[0].count);
}
