import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeLines } from '../../bench/make-lines.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { startProcess } from './support/engine-process.ts';
import { isEveryKill } from './support/kill-at-write.ts';

// Each costs a start, three seconds. `npm run bench -- reliability kills` kills a hundred times, under load.
const kills = isEveryKill ? 20 : 6;

describe('SIGKILL at random points', () => {
  let database: TestDatabase;
  let folder: string;
  beforeEach(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'cerberus-kill-'));
  });
  afterEach(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it(`loses nothing and stores nothing twice while a log is followed over ${kills} kills with a rotation inside`, async () => {
    const lines = [...makeLines(30_000)];
    const log = join(folder, 'cowrie.json');
    const writer = createWriter(log, lines, kills);
    for (let round = 0; round < kills; round++) {
      const up = startProcess(['up'], environment({ COWRIE_LOG_PATH: log, PORT: '0' }));
      await up.untilSaid(/is up/);
      await writer.write(round);
      // Random on purpose: the kill must find the engine at any point of a batch. What is asserted holds for all of them.
      await pause(Math.random() * 400);
      await up.kill('SIGKILL');
    }
    const last = startProcess(['up'], environment({ COWRIE_LOG_PATH: log, PORT: '0' }));
    await last.untilSaid(/is up/);
    await untilStored(lines.length);
    expect(await last.kill('SIGTERM')).toBe(0);
    await expectEachOnce(lines.length);
  }, 240_000);

  it(`goes on with a replay of plain and compressed files where a kill stopped it, ${kills} times`, async () => {
    const lines = [...makeLines(40_000)];
    const files = ['cowrie.json.2026-10-01', 'cowrie.json.2026-10-02', 'cowrie.json'].map((name) => join(folder, name));
    await writeFile(files[0] ?? '', `${lines.slice(0, 15_000).join('\n')}\n`);
    await writeFile(files[1] ?? '', gzipSync(`${lines.slice(15_000, 30_000).join('\n')}\n`));
    await writeFile(files[2] ?? '', `${lines.slice(30_000).join('\n')}\n`);
    for (let round = 0; round < kills; round++) {
      const replay = startProcess(['replay', ...files], environment({}));
      await Promise.race([pause(600 + Math.random() * 600), replay.untilSaid(/stored/).catch(() => undefined)]);
      await replay.kill('SIGKILL');
    }
    const last = startProcess(['replay', '--json', ...files], environment({}));
    const report = JSON.parse(await last.untilSaid(/(\{"files".*\})/));
    expect(report).toMatchObject({ files: 3, parked: 0 });
    await expectEachOnce(lines.length);
  }, 240_000);

  function environment(more: Record<string, string>): Record<string, string> {
    return { CERBERUS_DATA_DIR: folder, DATABASE_URL: database.url, ...more };
  }

  async function untilStored(expected: number): Promise<void> {
    const deadline = Date.now() + 60_000;
    while ((await count('select count(*) from events')) < expected && Date.now() < deadline) await pause(100);
  }

  async function expectEachOnce(expected: number): Promise<void> {
    expect(await count('select count(*) from events')).toBe(expected);
    expect(await count('select count(distinct raw_event::text) from events')).toBe(expected);
    expect(await count('select count(*) from sources where bytes_read <> bytes_stored + bytes_parked')).toBe(0);
    // What is counted incrementally agrees with what can be counted afterwards.
    expect(await count('select sum(events) as count from rollup_hours')).toBe(expected);
    expect(await count('select sum(total_events) as count from attackers')).toBe(expected);
    expect(await count('select sum(event_count) as count from sessions')).toBe(expected);
  }

  async function count(text: string): Promise<number> {
    return Number((await database.pool.query(text)).rows[0].count);
  }
});

/** Writes a share of the lines each round; once by midnight's rename, and twice with a line cut by the end of a round. */
function createWriter(log: string, lines: readonly string[], rounds: number) {
  const perRound = Math.ceil(lines.length / rounds);
  return {
    async write(round: number): Promise<void> {
      const share = lines.slice(round * perRound, (round + 1) * perRound);
      if (round === Math.floor(rounds / 2)) {
        await appendFile(log, `${share.slice(0, 100).join('\n')}\n`);
        await rename(log, `${log}.2026-10-01`);
        await appendFile(log, `${share.slice(100).join('\n')}\n`);
        return;
      }
      const text = `${share.join('\n')}\n`;
      const half = Math.floor(text.length / 2);
      await appendFile(log, text.slice(0, half));
      await appendFile(log, text.slice(half));
    },
  };
}
