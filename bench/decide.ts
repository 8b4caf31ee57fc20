import { appendFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openSocket, percentiles } from './latency.ts';
import { makeLines } from './make-lines.ts';
import { startUp } from './start-up.ts';

const linesPerSecond = 500;
const tickMs = 5;
const warmUpSeconds = 5;

/**
 * `npm run bench -- decide [--seconds N]`: lines appended to a log that `cerberus up` follows, until the decision that
 * follows from them is stored with its job and its message is here. Policy, guards and settings are the default ones;
 * there is no prepared Cowrie, so adaptations are decided and then refused. `decisionsStored` counts all, those to do
 * nothing included; messages are only sent where a rule held.
 */
export async function benchDecide({ seconds = 20 }: { seconds?: number }): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const log = join(dataDir, 'cowrie.json');
  const up = await startUp({ CERBERUS_DATA_DIR: dataDir, COWRIE_LOG_PATH: log, PORT: '0' });
  const client = new pg.Client({ connectionString: up.databaseUrl });
  await client.connect();
  try {
    const socket = await openSocket(up);
    const watch = watchDecisions(socket);
    await append(log, watch.sentAt, linesPerSecond * warmUpSeconds, 1);
    watch.decisionMs.length = 0;
    const before = await countDecisions(client);
    const lines = linesPerSecond * seconds;
    await append(log, watch.sentAt, lines, 2);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    socket.close();
    return {
      bench: 'decide',
      ...{ seconds, linesPerSecond, lines },
      decisionsStored: (await countDecisions(client)) - before,
      decisionsTold: watch.decisionMs.length,
      lineToDecisionMs: percentiles(watch.decisionMs),
    };
  } finally {
    await client.end();
    await up.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

type Message =
  | { readonly type: 'event'; readonly event: { readonly id: string; readonly timestamp: string } }
  | { readonly type: 'decision'; readonly decision: { readonly event_id: string } }
  | { readonly type: 'other' };

function watchDecisions(socket: Awaited<ReturnType<typeof openSocket>>) {
  const sentAt = new Map<string, number>();
  const eventSentAt = new Map<string, number>();
  const decisionMs: number[] = [];
  socket.on('message', (bytes: Buffer) => {
    const now = performance.now();
    // `as`: the engine's own messages, of a form that its tests hold. A decision comes after the event it is about.
    for (const message of JSON.parse(bytes.toString('utf8')) as Message[]) {
      if (message.type === 'event') {
        const sent = sentAt.get(message.event.timestamp);
        if (sent !== undefined) eventSentAt.set(message.event.id, sent);
      } else if (message.type === 'decision') {
        const sent = eventSentAt.get(message.decision.event_id);
        if (sent !== undefined) decisionMs.push(now - sent);
      }
    }
  });
  return { sentAt, decisionMs };
}

async function append(log: string, sentAt: Map<string, number>, count: number, seed: number): Promise<void> {
  const lines = makeLines(count, seed, Date.now());
  const started = performance.now();
  for (let sent = 0; sent < count; ) {
    const now = performance.now();
    const due = Math.min(count, Math.floor(((now - started) / 1000) * linesPerSecond));
    let text = '';
    for (; sent < due; sent++) {
      const line = lines.next().value;
      if (line === undefined) return;
      sentAt.set(JSON.parse(line).timestamp, now);
      text += `${line}\n`;
    }
    if (text !== '') appendFileSync(log, text);
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
}

async function countDecisions(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>('select count(*) from decisions');
  return Number(rows[0]?.count ?? 0);
}
