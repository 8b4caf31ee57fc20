import { appendFile } from 'node:fs/promises';
import { systemClock } from '../../engine/src/kit/clock.ts';
import {
  findDebianPostgres,
  startDebianPostgres,
  startDebianReplica,
} from '../../engine/test/support/debian-postgres.ts';
import { makeLines } from '../make-lines.ts';
import { checkLedger } from './check-ledger.ts';
import { ask, count, placeAt, placeOn, until, untilStored, withFolder } from './place.ts';
import type { Scenario } from './scenario.ts';

/**
 * Replication is asynchronous, so the replica may lack what the engine was told was durable. It lacks the positions of the
 * same transactions too, and the engine is started with the new address: so it reads again from there.
 */
export const failOver: Scenario = {
  name: 'fail-over',
  does: "Debian's PostgreSQL is lost for good, its streaming replica is promoted, the engine is started with its address",
  missing: () => (findDebianPostgres() === undefined ? 'apt-get install postgresql' : undefined),
  run: ({ lines: asked, say }) =>
    withFolder(async (folder) => {
      const bin = findDebianPostgres() ?? '';
      const primary = await startDebianPostgres(bin);
      const replica = await startDebianReplica(bin, folder, primary.url);
      try {
        const place = await placeOn(primary.url, folder);
        const { pathname } = new URL(place.databaseUrl);
        const replicaUrl = new URL(pathname, replica.url).toString();
        const lines = [...makeLines(asked ?? 40_000)];
        await appendFile(place.log, `${lines.slice(0, lines.length / 2).join('\n')}\n`);
        const engine = await place.up();
        await untilStored(place.databaseUrl, Math.floor(lines.length / 4));
        primary.crash();
        await appendFile(place.log, `${lines.slice(lines.length / 2).join('\n')}\n`);
        await systemClock.sleep(1000);
        await engine.kill('SIGKILL');
        const kept = await count(replicaUrl, 'select count(*) from events');
        say(`the replica has ${kept} events`);
        replica.run('pg_ctl', '-D', replica.cluster, '-w', 'promote');
        await until(async () => (await ask(replicaUrl, 'select pg_is_in_recovery()')) === false);
        const second = await placeAt(folder, replicaUrl, { DATABASE_URL: replicaUrl }).up();
        await untilStored(replicaUrl, lines.length);
        const checks = await checkLedger(replicaUrl, lines.length);
        await second.kill('SIGTERM');
        return { checks, facts: { lines: lines.length, storedBefore: kept } };
      } finally {
        replica.run('pg_ctl', '-D', replica.cluster, '-m', 'immediate', 'stop');
        primary.stop();
      }
    }),
};
