import { appendFileSync, closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../engine/test/support/free-port.ts';
import { makeLines } from '../make-lines.ts';
import { checkLedger } from './check-ledger.ts';
import { ask, count, start, startUp, until, untilStored, withFolder, withPlace } from './place.ts';
import type { Scenario } from './scenario.ts';
import { type SmallDisk, whyNoSmallDisk, withSmallDisk } from './small-disk.ts';

export const databaseDiskFull: Scenario = {
  name: 'disk-full-database',
  does: 'the disk of the embedded PostgreSQL has no room left in the middle of the lines, and later it has',
  missing: whyNoSmallDisk,
  run: ({ lines: asked, say }) =>
    withFolder((folder) =>
      withSmallDisk(folder, 600, async (disk) => {
        const lines = [...makeLines(asked ?? 30_000)];
        const third = Math.floor(lines.length / 3);
        const log = join(folder, 'cowrie.json');
        const state = join(disk.folder, 'state');
        // The engine's own log lies elsewhere: it has a scenario of its own.
        const env = {
          CERBERUS_DATA_DIR: state,
          COWRIE_LOG_PATH: log,
          PORT: '0',
          CERBERUS_LOG_FILE: join(folder, 'cerberus.log'),
        };
        const engine = await startUp(env);
        const { port, password } = JSON.parse(await readFile(join(state, 'postgres.json'), 'utf8'));
        const url = `postgresql://cerberus:${password}@127.0.0.1:${port}/postgres`;
        append(log, lines.slice(0, third));
        await untilStored(url, third);
        disk.fill();
        append(log, lines.slice(third, 2 * third));
        const said = await until(async () => /nothing is lost/.test(engine.said()), 60);
        const alive = await ask(url, 'select 1').then(
          () => true,
          () => false,
        );
        say(`full; PostgreSQL ${alive ? 'answers' : 'has ended'}`);
        disk.free();
        append(log, lines.slice(2 * third));
        await untilStored(url, lines.length);
        const checks = await checkLedger(url, lines.length);
        const code = await engine.kill('SIGTERM');
        return {
          checks: [
            ...checks,
            { what: 'said that it waits', expected: true, found: said },
            { what: 'orderly end', expected: 0, found: code ?? -1 },
          ],
          facts: { lines: lines.length, postgresEndedMeanwhile: !alive },
        };
      }),
    ),
};

export const logDiskFull: Scenario = {
  name: 'disk-full-log',
  does: "the disk of Cowrie's log and of the engine's own is full: a line is cut, the next is written behind its stump",
  missing: whyNoSmallDisk,
  run: ({ lines: asked }) =>
    withPlace((place) =>
      withSmallDisk(place.folder, 64, async (disk) => {
        const lines = [...makeLines(asked ?? 10_000)];
        const half = Math.floor(lines.length / 2);
        const log = join(disk.folder, 'cowrie.json');
        const engine = await place.up({ COWRIE_LOG_PATH: log, CERBERUS_LOG_FILE: join(disk.folder, 'cerberus.log') });
        append(log, lines.slice(0, half));
        const lost = writeUntilFull(log, lines.slice(half), disk);
        await until(async () => (await count(place.databaseUrl, 'select count(*) from events')) >= half + lost.whole);
        disk.free();
        append(log, lines.slice(half + lost.whole + 1));
        const expected = lines.length - 1;
        await untilStored(place.databaseUrl, expected);
        const checks = await checkLedger(place.databaseUrl, expected);
        const parked = await count(place.databaseUrl, 'select count(*) from parked_lines');
        const code = await engine.kill('SIGTERM');
        return {
          checks: [
            ...checks,
            { what: 'stumps parked', expected: 1, found: parked },
            { what: 'orderly end', expected: 0, found: code ?? -1 },
          ],
          facts: { lines: lines.length, cutAfterBytes: lost.stump },
        };
      }),
    ),
};

export const spoolDiskFull: Scenario = {
  name: 'disk-full-spool',
  does: "a sensor's disk is full while its hub is away; the hub comes back before there is room, and room after that",
  missing: whyNoSmallDisk,
  run: ({ lines: asked, say }) =>
    withPlace((place) =>
      withSmallDisk(place.folder, 16, async (disk) => {
        const lines = [...makeLines(asked ?? 20_000)];
        const third = Math.floor(lines.length / 3);
        const log = join(place.folder, 'sensor.json');
        const port = String(await freePort());
        const hubEnv = { COWRIE_LOG_PATH: join(place.folder, 'none.json'), CERBERUS_HUB_PORT: port };
        const sensorEnv = { CERBERUS_DATA_DIR: join(disk.folder, 'sensor'), COWRIE_LOG_PATH: log };
        const hub = await place.up(hubEnv);
        const invite = start(['sensors', 'invite', 'north', '--hub', `https://127.0.0.1:${port}`], {
          ...place.env,
          ...hubEnv,
        });
        const command = await invite.untilSaid(/cerberus (sensor enrol .*)\n/);
        const enrolled = await start(command.split(' '), sensorEnv).untilEnd();
        writeFileSync(log, '');
        start(['sensor'], sensorEnv);
        append(log, lines.slice(0, third));
        await untilStored(place.databaseUrl, third);
        await hub.kill('SIGKILL');
        disk.fill(200_000);
        append(log, lines.slice(third, 2 * third));
        await until(async () => false, 5);
        say('the spool is full, the hub comes back');
        const second = await place.up(hubEnv);
        const withoutRoom = await untilStored(place.databaseUrl, 2 * third, 60);
        disk.free();
        append(log, lines.slice(2 * third));
        await untilStored(place.databaseUrl, lines.length);
        const checks = await checkLedger(place.databaseUrl, lines.length);
        await second.kill('SIGTERM');
        return {
          checks: [...checks, { what: 'enrolled', expected: 0, found: enrolled ?? -1 }],
          facts: { lines: lines.length, allShippedBeforeThereWasRoom: withoutRoom },
        };
      }),
    ),
};

function append(log: string, lines: readonly string[]): void {
  appendFileSync(log, `${lines.join('\n')}\n`);
}

/** As Cowrie does: what the disk does not take of a line is lost, and its stump stays. */
function writeUntilFull(log: string, lines: readonly string[], disk: SmallDisk): { whole: number; stump: number } {
  // A little over a page, so that some lines fit and one is cut at the page's end.
  disk.fill(8192);
  for (const [whole, line] of lines.entries()) {
    const stump = writeWhatFits(log, `${line}\n`);
    if (stump !== undefined) return { whole, stump };
  }
  throw new Error('The disk was never full.');
}

/** @returns how many bytes fitted, where not all did. */
function writeWhatFits(log: string, text: string): number | undefined {
  const file = openSync(log, 'a');
  try {
    const bytes = Buffer.from(text);
    const fitted = writeSync(file, bytes);
    return fitted < bytes.length ? fitted : undefined;
  } catch {
    return 0;
  } finally {
    closeSync(file);
  }
}
