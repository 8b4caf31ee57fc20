import { appendFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import WebSocket from 'ws';
import { makeLines } from './make-lines.ts';
import { percentiles } from './percentiles.ts';
import { startUp } from './start-up.ts';

const rates = [100, 2000];
const tickMs = 5;
const rowProbeEachMs = 40;
const rowAskEachMs = 2;

/**
 * `npm run bench -- latency [--seconds N]`: lines appended to a log that `cerberus up` follows, until the row is
 * visible to another connection, and until the WebSocket message is here. Writer, database and clients share the
 * machine with the engine, as they do in the default install.
 */
export async function benchLatency({ seconds = 20 }: { seconds?: number }): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const log = join(dataDir, 'cowrie.json');
  const up = await startUp({
    CERBERUS_DATA_DIR: dataDir,
    COWRIE_LOG_PATH: log,
    PORT: '0',
    ENABLE_AUTO_ADAPTATION: 'false',
  });
  try {
    const results: object[] = [];
    // The first seconds compile code and fill caches; they are a start, not a latency.
    await run(up, log, 500, 5);
    for (const rate of rates) results.push({ linesPerSecond: rate, ...(await run(up, log, rate, seconds)) });
    return { bench: 'latency', seconds, results };
  } finally {
    await up.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

let seed = 7;

async function run(
  up: Awaited<ReturnType<typeof startUp>>,
  log: string,
  rate: number,
  seconds: number,
): Promise<object> {
  // Made before: what making them costs is the writer's, who shares the two cores.
  const lines = [...makeLines(rate * seconds, seed++)].map((line) => ({ line, timestamp: readTimestamp(line) }));
  const sentAt = new Map<string, number>();
  const messageMs: number[] = [];
  const rowMs: number[] = [];
  const socket = await openSocket(up);
  socket.on('message', (bytes: Buffer) => {
    const now = performance.now();
    // `as`: the engine's own messages, of a form that its tests hold.
    for (const message of JSON.parse(bytes.toString('utf8')) as { type: string; event?: { timestamp: string } }[]) {
      const sent = message.event && sentAt.get(message.event.timestamp);
      if (sent !== undefined) messageMs.push(now - sent);
    }
  });
  const watching = new AbortController();
  let newest: Sent | undefined;
  const rows = watchRows(up.databaseUrl, () => newest, rowMs, watching.signal);
  const started = performance.now();
  let sent = 0;
  while (sent < rate * seconds) {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - started) / 1000) * rate));
    let text = '';
    const now = performance.now();
    for (const { line, timestamp } of lines.slice(sent, due)) {
      sentAt.set(timestamp, now);
      newest = { timestamp, sentMs: now };
      text += `${line}\n`;
    }
    sent = due;
    if (text !== '') appendFileSync(log, text);
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  const deadline = performance.now() + 10_000;
  while (messageMs.length < sent && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  watching.abort();
  await rows;
  socket.close();
  return {
    lines: sent,
    messages: messageMs.length,
    messageMs: percentiles(messageMs),
    rowsProbed: rowMs.length,
    rowMs: percentiles(rowMs),
  };
}

interface Sent {
  readonly timestamp: string;
  readonly sentMs: number;
}

/** Takes the newest line sent every now and then, and asks for its row until it is there. */
async function watchRows(
  url: string,
  findNewest: () => Sent | undefined,
  rowMs: number[],
  signal: AbortSignal,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  while (!signal.aborted) {
    const newest = findNewest();
    if (newest) {
      const { timestamp, sentMs } = newest;
      const deadline = performance.now() + 2000;
      while (performance.now() < deadline) {
        const { rowCount } = await client.query('select 1 from events where timestamp = $1 and id >= $2', [
          timestamp,
          floorOf(timestamp),
        ]);
        if (rowCount) {
          rowMs.push(performance.now() - sentMs);
          break;
        }
        // Asking without a pause would keep one of two cores busy, and measure that.
        await new Promise((resolve) => setTimeout(resolve, rowAskEachMs));
      }
    }
    await new Promise((resolve) => setTimeout(resolve, rowProbeEachMs));
  }
  await client.end();
}

function readTimestamp(line: string): string {
  // `as`: a line that we made.
  return (JSON.parse(line) as { timestamp: string }).timestamp;
}

function floorOf(timestamp: string): string {
  const hex = Date.parse(timestamp).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** The live feed of an engine that runs, once it has let the token in. */
export async function openSocket(up: { url: string; token: string }): Promise<WebSocket> {
  const socket = new WebSocket(`${up.url.replace('http', 'ws')}/ws`, ['cerberus.v1', up.token]);
  await new Promise((resolve, reject) => {
    socket.once('message', resolve);
    socket.once('error', reject);
  });
  return socket;
}
