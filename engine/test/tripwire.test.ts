import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LurePage, TouchPage } from '@cerberusmesh/contract/api-lures';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { type RealCowrie, startCowrie } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';

const reader = '127.0.2.1';
const user = '127.0.2.2';

describe('a lure in a real Cowrie', () => {
  let database: TestDatabase;
  let cowrie: RealCowrie;
  let folder: string;
  let up: EngineProcess;
  let url: string;
  let token: string;
  beforeAll(async () => {
    const options = { prepare: true, plugin: true, sensor: 'cowrie-1', userdb: ['root:x:*'] };
    [database, cowrie] = await Promise.all([createTestDatabase(), startCowrie(options)]);
    folder = await mkdtemp(join(tmpdir(), 'cerberus-tripwire-'));
    up = startProcess(['up'], {
      CERBERUS_DATA_DIR: folder,
      DATABASE_URL: database.url,
      COWRIE_LOG_PATH: cowrie.logPath,
      CERBERUS_COWRIE_DIR: cowrie.dir,
      CERBERUS_COWRIE_PORT: String(cowrie.sshPort),
      CERBERUS_CONTROL_SHARE: '0',
      PORT: '0',
    });
    url = await up.untilSaid(/is up:\s+(\S+)/);
    token = await up.untilSaid(/(cm_[\w-]+)/);
    await up.untilSaid(/Lures lie ready/);
  }, 300_000);
  afterAll(async () => {
    await up.kill('SIGTERM');
    await cowrie.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is there for the first cat that asks, and its use from another address is a touch of the one who read it', async () => {
    const shell = await cowrie.login({ localAddress: reader });
    const [, name = '', secret = ''] =
      /https:\/\/([^:]+):([^@]+)@/.exec(await shell.type('cat ~/.git-credentials')) ?? [];
    expect(name).toMatch(/^deploy_/);
    const planted = await vi.waitFor(async () => {
      const { data } = await ask('/api/lures', LurePage);
      expect(data.map(({ kind }) => kind)).toContain('token');
      return data;
    }, patient);
    const token = planted.find(({ kind }) => kind === 'token');
    expect(token).toMatchObject({
      action_type: 'GIT_CREDENTIALS',
      source_ip: reader,
      first_read_ip: reader,
      touches: 0,
    });
    expect(JSON.stringify(planted)).not.toContain(secret);

    await cowrie.login({ localAddress: user, username: name, password: secret }).catch(() => undefined);
    const touches = await vi.waitFor(async () => {
      const { data } = await ask(`/api/touches?source_ip=${user}`, TouchPage);
      expect(data).toHaveLength(2);
      return data;
    }, patient);
    expect(touches.map(({ place }) => place).sort()).toEqual(['password', 'username']);
    expect(touches[0]).toMatchObject({ source_ip: user, lure: { source_ip: reader, session_id: token?.session_id } });

    const one = async (text: string) => (await database.pool.query(text)).rows[0];
    expect(await one(`select touches::int, threat_level from attackers where ip_address = '${user}'`)).toEqual({
      touches: 2,
      threat_level: 'CRITICAL',
    });
    const event = await one(`select severity, attack_type, why from events where id = '${touches[0]?.event_id}'`);
    expect(event).toMatchObject({
      severity: 'HIGH',
      attack_type: 'lure_touched',
      why: expect.stringContaining(reader),
    });
  }, 60_000);

  it('is recorded as an adaptation of that session, as its visitor saw it', async () => {
    const { rows } = await database.pool.query(
      `select status, decision_id, session_id, source_ip, reason, new_config, verification from adaptations where source_ip = '${reader}' and decision_id is null`,
    );
    expect(rows).toMatchObject([
      {
        status: 'verified',
        decision_id: null,
        reason: 'The visitor asked for it: cat ~/.git-credentials',
        verification: { verified: true },
      },
    ]);
    expect(rows[0].new_config.files.map(({ path }: { path: string }) => path)).toEqual([
      '/root/.git-credentials',
      '/root/.gitconfig',
    ]);
  });

  it('that was used is asked for by every name that it has been given, whatever else is asked', async () => {
    expect((await ask('/api/lures?touched=true', LurePage)).data.map(({ kind }) => kind).sort()).toEqual([
      'token',
      'username',
    ]);
    expect(new Set((await ask('/api/lures?kind=host', LurePage)).data.map(({ kind }) => kind))).toEqual(
      new Set(['host']),
    );
    expect((await ask('/api/lures?source_ip=192.0.2.9', LurePage)).data).toEqual([]);
    const first = await ask('/api/touches?limit=1', TouchPage);
    const second = await ask(`/api/touches?limit=1&cursor=${first.next_cursor}`, TouchPage);
    expect(second.data[0]?.id).not.toBe(first.data[0]?.id);
  });

  async function ask<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    return schema.parse(await response.json());
  }
});

const patient = { timeout: 20_000, interval: 50 };
