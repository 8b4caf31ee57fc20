import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../engine/src/kit/clock.ts';
import { makeLines } from '../make-lines.ts';
import { checkLedger } from './check-ledger.ts';
import { untilStored, withPlace } from './place.ts';
import type { Scenario } from './scenario.ts';

const jumps = ['+0', '+3600', '-3600', '+0'] as const;

export const clockJumps: Scenario = {
  name: 'clock-jumps',
  does: "the engine's clock jumps an hour ahead, two back and one ahead while lines of now come in (libfaketime)",
  missing: () => (findFaketime() === undefined ? 'apt-get install faketime' : undefined),
  run: ({ lines: asked, say }) =>
    withPlace(async ({ folder, log, databaseUrl, up }) => {
      const lines = [...makeLines(asked ?? 12_000, 1, Date.now() - 3_600_000)];
      const control = join(folder, 'faketime');
      writeFileSync(control, '+0\n');
      const engine = await up({
        LD_PRELOAD: findFaketime() ?? '',
        FAKETIME_TIMESTAMP_FILE: control,
        FAKETIME_NO_CACHE: '1',
        // Timers go on: a machine's clock that is set does not stop its timers either.
        DONT_FAKE_MONOTONIC: '1',
      });
      const share = Math.ceil(lines.length / jumps.length);
      const url = await engine.untilSaid(/is up:\s+(\S+)/);
      let healthy = 0;
      for (const [index, jump] of jumps.entries()) {
        writeFileSync(control, `${jump}\n`);
        say(`clock ${jump} s`);
        await appendFile(log, `${lines.slice(index * share, (index + 1) * share).join('\n')}\n`);
        await untilStored(databaseUrl, Math.min(lines.length, (index + 1) * share), 60);
        await systemClock.sleep(1500);
        if ((await fetch(`${url}/health`).catch(() => undefined))?.status === 200) healthy++;
      }
      const checks = await checkLedger(databaseUrl, lines.length);
      const code = await engine.kill('SIGTERM');
      return {
        checks: [
          ...checks,
          { what: 'healthy after each jump', expected: jumps.length, found: healthy },
          { what: 'orderly end', expected: 0, found: code ?? -1 },
        ],
        facts: { lines: lines.length, jumpsSeconds: jumps },
      };
    }),
};

function findFaketime(): string | undefined {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu')) : [];
  return folders.map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`).find((path) => existsSync(path));
}
