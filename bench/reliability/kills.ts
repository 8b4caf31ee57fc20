import { systemClock } from '../../engine/src/kit/clock.ts';
import { makeLines } from '../make-lines.ts';
import { checkLedger } from './check-ledger.ts';
import { count, until, untilStored, withPlace } from './place.ts';
import type { Scenario } from './scenario.ts';
import { createLogWriter } from './write-log.ts';

const rotateEvery = 8;

export const kills: Scenario = {
  name: 'kills',
  does: 'SIGKILL of the engine at random points while a log grows, with rotations, lines that come twice and cut ones',
  run: ({ kills: rounds, lines: asked, random, say }) =>
    withPlace(async ({ log, up, databaseUrl }) => {
      const lines = [...makeLines(asked ?? Math.max(20_000, rounds * 1000))];
      const writer = createLogWriter(log, lines, random);
      // Of a log that is renamed before anything of it was stored, the next start knows nothing: `replay` reads it.
      const first = await up();
      let killedWhileStoring = 0;
      await writer.writeTo(100);
      await untilStored(databaseUrl, 1);
      await first.kill('SIGKILL');
      for (let round = 1; round <= rounds; round++) {
        const engine = await up();
        const target = Math.floor((lines.length * round) / (rounds + 1));
        await writer.writeTo(target - Math.floor(random() * 50));
        if (round % rotateEvery === 0) await writer.rotate();
        await writer.writeTo(target);
        const before = await countEvents(databaseUrl);
        // Every other engine dies as soon as it is up; on a busy machine that is before it has stored anything.
        if (round % 2 === 0) await until(async () => (await countEvents(databaseUrl)) > before);
        await systemClock.sleep(random() * 400);
        await engine.kill('SIGKILL');
        if ((await countEvents(databaseUrl)) > before) killedWhileStoring++;
        if (round % 10 === 0) say(`${round} of ${rounds} kills`);
      }
      const last = await up();
      await writer.writeTo(lines.length);
      await untilStored(databaseUrl, lines.length);
      const code = await last.kill('SIGTERM');
      return {
        checks: [
          ...(await checkLedger(databaseUrl, lines.length)),
          { what: 'orderly end', expected: 0, found: code ?? -1 },
        ],
        facts: { kills: rounds, killedWhileStoring, lines: lines.length, ...writer.told() },
      };
    }),
};

async function countEvents(databaseUrl: string): Promise<number> {
  return await count(databaseUrl, 'select count(*) from events');
}
