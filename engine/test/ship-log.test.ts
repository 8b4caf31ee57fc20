import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSession } from '../src/assess/assess.ts';
import { composePipeline } from '../src/compose/compose-pipeline.ts';
import { createReceiveLines } from '../src/compose/receive-lines.ts';
import { systemClock } from '../src/kit/clock.ts';
import type { ReceiveLines } from '../src/serve/routes/ingest.ts';
import { startTestServer, type TestServer } from '../src/serve/support/serve-parts.ts';

const script = fileURLToPath(new URL('../../sensors/cowrie/ship-log.py', import.meta.url));
const recording = fileURLToPath(new URL('../../recordings/', import.meta.url));

describe('the log of a machine elsewhere', () => {
  let server: TestServer;
  let url: string;
  let folder: string;
  let log: string;
  let lines: string[];

  beforeAll(async () => {
    let receive: ReceiveLines | undefined;
    server = await startTestServer({
      receiveLines: (request) => receive?.(request) ?? Promise.reject(new Error('not yet')),
    });
    const { database, clock } = server;
    const pipeline = composePipeline({
      ...{ database, clock, timeZone: 'UTC', startSession, isProbe: () => false },
      assess: (_event, session) => ({ assessment: null, session }),
      assessFailed: (_event, error) => expect.fail(String(error)),
    });
    receive = createReceiveLines({ database, pipeline, onStored: () => undefined, clock: systemClock }).receive;
    url = await server.api.listen({ host: '127.0.0.1', port: 0 });
    folder = await mkdtemp(join(tmpdir(), 'cerberus-ship-'));
    log = join(folder, 'cowrie.json');
    lines = (await readFile(join(recording, 'person-looks-for-credentials', 'cowrie.jsonl'), 'utf8'))
      .trim()
      .split('\n');
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('comes over whole and once: through a rotation, a half-written line, a kill -9, an outage and a lost place', async () => {
    const [first = [], second = [], third = []] = inThree(lines);
    await writeFile(log, `${first.join('\n')}\n`);
    const shipper = ship(url);
    await expect.poll(stored, { timeout: 20_000 }).toBe(first.length);
    await appendFile(log, second.join('\n').slice(0, -5));
    await expect.poll(stored, { timeout: 20_000 }).toBe(first.length + second.length - 1);
    shipper.kill('SIGKILL');
    await once(shipper, 'exit');

    await appendFile(log, `${second.join('\n').slice(-5)}\n`);
    await rename(log, `${log}.2026-11-21`);
    await writeFile(log, `${third.join('\n')}\n`);
    const away = ship('http://127.0.0.1:9');
    const [said] = await once(away.stderr, 'data');
    expect(String(said)).toContain('not taken, tried again');
    away.kill('SIGKILL');

    await ended(ship(url, '--once'));
    expect(await stored()).toBe(lines.length);
    // Without its place it begins anew, and what is there is known.
    await rm(join(folder, 'state.json'));
    await ended(ship(url, '--once'));
    expect(await stored()).toBe(lines.length);
    const { rows } = await server.database.pool.query(
      'select bytes_read = bytes_stored + bytes_parked as balanced from sources',
    );
    expect(rows).toEqual([{ balanced: true }]);
  }, 60_000);

  function ship(to: string, ...more: string[]) {
    return spawn('python3', [script, log, join(folder, 'state.json'), to, ...more], {
      env: { PATH: '/usr/bin:/bin', CERBERUS_TOKEN: server.secrets.sensor },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  async function stored(): Promise<number> {
    const { rows } = await server.database.pool.query('select count(*)::int as n from events');
    return rows[0].n;
  }
});

async function ended(child: ReturnType<typeof spawn>): Promise<void> {
  expect(await once(child, 'exit')).toEqual([0, null]);
}

function inThree(lines: readonly string[]): string[][] {
  const third = Math.ceil(lines.length / 3);
  return [0, 1, 2].map((part) => lines.slice(part * third, (part + 1) * third));
}
