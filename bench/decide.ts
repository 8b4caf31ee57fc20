import { appendFileSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionChange } from '@cerberusmesh/contract/between-stages';
import { defaultSettings } from '@cerberusmesh/contract/settings';
import pg from 'pg';
import { createDecider } from '../engine/src/compose/decider.ts';
import { readPolicy } from '../engine/src/decide/read-policy.ts';
import { openSocket } from './latency.ts';
import { makeLines } from './make-lines.ts';
import { percentiles } from './percentiles.ts';
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
    watch.eventMs.length = 0;
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
      // Of the same lines: what a decision adds is the difference.
      lineToEventMs: percentiles(watch.eventMs),
      decideCpuMicros: measureDecide(),
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
  const eventMs: number[] = [];
  socket.on('message', (bytes: Buffer) => {
    const now = performance.now();
    // `as`: the engine's own messages, of a form that its tests hold. A decision comes after the event it is about.
    for (const message of JSON.parse(bytes.toString('utf8')) as Message[]) {
      if (message.type === 'event') {
        const sent = sentAt.get(message.event.timestamp);
        if (sent === undefined) continue;
        eventSentAt.set(message.event.id, sent);
        eventMs.push(now - sent);
      } else if (message.type === 'decision') {
        const sent = eventSentAt.get(message.decision.event_id);
        if (sent !== undefined) decisionMs.push(now - sent);
      }
    }
  });
  return { sentAt, decisionMs, eventMs };
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

/** CPU time for one session of a batch, the default policy: one that is new, and one about which all was said before. */
function measureDecide(): object {
  const file = join(import.meta.dirname, '..', 'policy', 'decisions', 'default.json');
  const now = new Date();
  const decider = createDecider({
    policy: readPolicy(readFileSync(file, 'utf8'), file),
    settings: () => defaultSettings,
    done: [],
    isControl: () => false,
    recordedSensor: '',
    clock: { now: () => now },
  });
  const changes = Array.from({ length: 40_000 }, (_, n) => mediumSession(`s${n}`, now));
  const time = (some: readonly SessionChange[]) => {
    const before = process.cpuUsage();
    decider.made(decider.decide(some));
    const { user, system } = process.cpuUsage(before);
    return Math.round((10 * (user + system)) / some.length) / 10;
  };
  time(changes.slice(0, 20_000));
  return { newSession: time(changes.slice(20_000)), knownSession: time(changes.slice(20_000)) };
}

function mediumSession(sessionId: string, now: Date): SessionChange {
  const scores = { severity: 'MEDIUM', threatScore: 0.5 } as const;
  const epochMs = now.getTime();
  return {
    event: {
      ...{ id: '00000000-0000-7000-8000-000000000000', eventType: 'cowrie.command.input', epochMs, late: false },
      ...{ timestamp: now.toISOString(), sensor: 'bench-1', sessionId, protocol: 'ssh', sourceIp: '192.0.2.1' },
      sourcePort: 50_000,
      detail: { kind: 'command', input: 'cat /etc/passwd', phase: 'typed' },
    },
    assessment: {
      ...{ ...scores, anomalyScore: 0.5, attackType: 'account_recon', confidence: 0.9, why: '', techniques: [] },
      ...{ partial: false, modelVersion: '1' },
    },
    session: {
      ...{ ...scores, events: 8, commands: 3, failedLogins: 1, succeededLogin: true, transfers: 0, tunnels: 0 },
      ...{ firstEpochMs: epochMs, lastEpochMs: epochMs, techniques: ['T1087.001'], probe: false },
      recentCommands: ['uname -a', 'cat /proc/cpuinfo | grep name | wc -l', 'cat /etc/passwd'],
    },
  };
}
