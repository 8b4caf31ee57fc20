import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../engine/src/kit/clock.ts';
import { findDebianPostgres, startDebianPostgres } from '../../engine/test/support/debian-postgres.ts';
import { makeLines } from '../make-lines.ts';
import { checkLedger } from './check-ledger.ts';
import { ask, type Place, placeAt, placeOn, until, untilStored, withFolder } from './place.ts';
import type { Outcome, Scenario, ScenarioOptions } from './scenario.ts';
import { createLogWriter } from './write-log.ts';

interface Server {
  crash(): Promise<void>;
  start(): Promise<void>;
}

const outages = 3;

export const debianAway: Scenario = {
  name: 'database-away',
  does: "Debian's PostgreSQL crashes in the middle of the lines, stays away, and comes back; three times",
  missing: () => (findDebianPostgres() === undefined ? 'apt-get install postgresql' : undefined),
  run: (options) =>
    withFolder(async (folder) => {
      const server = await startDebianPostgres(findDebianPostgres() ?? '');
      try {
        const place = await placeOn(server.url, folder);
        const control = { crash: async () => server.crash(), start: async () => server.start() };
        const outcome = await suffer(place, control, options);
        return { ...outcome, facts: { ...outcome.facts, postgresMajor: server.major } };
      } finally {
        server.stop();
      }
    }),
};

export const embeddedAway: Scenario = {
  name: 'embedded-away',
  does: 'the embedded PostgreSQL 18 is killed in the middle of the lines; the engine has to bring it back itself',
  run: (options) =>
    withFolder(async (folder) => {
      const state = join(folder, 'state');
      const first = await placeAt(folder, '', {}).up();
      const { port, password } = JSON.parse(await readFile(join(state, 'postgres.json'), 'utf8'));
      await first.kill('SIGTERM');
      const url = `postgresql://cerberus:${password}@127.0.0.1:${port}/postgres`;
      const place = placeAt(folder, url, {});
      return await suffer(
        place,
        { crash: () => killPostmaster(url), start: async () => undefined },
        { ...options, seconds: 0 },
      );
    }),
};

async function suffer(
  place: Place,
  server: Server,
  { lines: asked, seconds, random, say }: ScenarioOptions,
): Promise<Outcome> {
  const { log, databaseUrl } = place;
  const lines = [...makeLines(asked ?? 40_000)];
  const writer = createLogWriter(log, lines, random);
  const engine = await place.up();
  for (let outage = 1; outage <= outages; outage++) {
    await writer.writeTo(Math.floor((lines.length * (2 * outage - 1)) / (2 * outages + 1)));
    await systemClock.sleep(random() * 500);
    await server.crash();
    say(`outage ${outage} of ${outages}, ${seconds} s`);
    await writer.writeTo(Math.floor((lines.length * 2 * outage) / (2 * outages + 1)));
    if (outage === 2) await writer.rotate();
    await systemClock.sleep(seconds * 1000);
    await server.start();
    await systemClock.sleep(2000);
  }
  await writer.writeTo(lines.length);
  const all = await untilStored(databaseUrl, lines.length, 120);
  const checks = all
    ? await checkLedger(databaseUrl, lines.length)
    : [{ what: 'all stored in time', expected: true, found: all }];
  const code = await engine.kill('SIGTERM');
  return {
    checks: [...checks, { what: 'orderly end', expected: 0, found: code ?? -1 }],
    facts: { outages, secondsAway: seconds, lines: lines.length, ...writer.told() },
  };
}

async function killPostmaster(url: string): Promise<void> {
  // It may still be on its way back from the last time.
  await until(async () => (await ask(url, 'select 1')) === 1);
  const folder = String(await ask(url, 'show data_directory'));
  const pid = Number.parseInt(await readFile(join(folder, 'postmaster.pid'), 'utf8'), 10);
  process.kill(pid, 'SIGKILL');
}
