import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActionRequest } from '@cerberusmesh/contract/action';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActions } from '../src/act/actions.ts';
import { startSession } from '../src/assess/assess.ts';
import { composePipeline } from '../src/compose/compose-pipeline.ts';
import { composeWatching, foldersOfCowrie, type Watching } from '../src/compose/watching.ts';
import { createTestClock, type TestClock } from '../src/serve/support/test-clock.ts';
import { createActionStore } from '../src/store/actions.ts';
import { createKeptFileReads } from '../src/store/read/kept-files.ts';
import { createReader } from '../src/store/read/reader.ts';
import { type RealCowrie, startCowrie } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';

const stop = new AbortController().signal;
const watched = '127.0.0.3';

describe('who is watched, on a real Cowrie', () => {
  let database: TestDatabase;
  let cowrie: RealCowrie;
  let folder: string;
  let clock: TestClock;
  let watching: Watching;
  let readLog: () => Promise<void>;

  beforeAll(async () => {
    [database, cowrie] = await Promise.all([createTestDatabase(), startCowrie({ sensor: 'trap' })]);
    folder = await mkdtemp(join(tmpdir(), 'cerberus-kept-'));
    clock = createTestClock(new Date());
    watching = openWatching();
    readLog = createLogReader();
  }, 120_000);
  afterAll(async () => {
    await cowrie.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('has his own recording kept, which Cowrie deletes because another one typed the same, and what he brought', async () => {
    await visit('127.0.0.2', () => Promise.resolve());
    await order({ address: watched });
    await visit(watched, async () => {
      await readLog();
      await expect.poll(async () => (await kept()).map(({ kind }) => kind)).toEqual(['recording']);
    });
    await readLog();
    await watching.keepFiles();

    const files = await kept();
    const recording = files.find(({ kind }) => kind === 'recording');
    const payload = files.find(({ kind }) => kind === 'payload');
    expect(files).toHaveLength(2);
    // Cowrie keeps one recording of what both typed: the first one's.
    const names = await readdir(join(cowrie.dir, 'var/lib/cowrie/tty'));
    const first = await readFile(join(cowrie.dir, 'var/lib/cowrie/tty', names[0] ?? ''));
    const his = await readFile(recording?.path ?? '');
    expect(names).toHaveLength(1);
    expect(his.includes('brought by him')).toBe(true);
    expect(his.equals(first)).toBe(false);
    expect(recording).toMatchObject({ bytes: his.length, source_ip: watched, note: null });
    await rm(join(cowrie.dir, 'var/lib/cowrie/downloads', payload?.name ?? 'none'));
    expect(await readFile(payload?.path ?? '', 'utf8')).toBe('brought by him\n');
    expect(payload?.sha256).toBe(payload?.name);
  }, 60_000);

  it('keeps nothing twice, nothing of others, and says where there was nothing to keep', async () => {
    const before = await kept();
    await watching.keepFiles();
    expect(await kept()).toEqual(before);
    expect(before.every(({ source_ip }) => source_ip === watched)).toBe(true);
    await order({ address: '127.0.0.2' });
    await watching.keepFiles();
    const more = (await kept()).filter(({ source_ip }) => source_ip === '127.0.0.2');
    expect(more.map(({ kind, note }) => [kind, note])).toEqual([
      ['payload', 'It is not there any more.'],
      ['recording', null],
    ]);
  });

  it('is a whole campaign, with who joins it, also when it turns out to be a part of another, until its time is over', async () => {
    const [older, younger] = [await aCampaign(['198.51.100.1']), await aCampaign(['198.51.100.2'])];
    await order({ campaign: younger, minutes: 10 });
    const isWatched = (sourceIp: string) => watching.isWatched({ sourceIp });
    expect(['198.51.100.1', '198.51.100.2', '198.51.100.3'].map(isWatched)).toEqual([false, true, false]);
    watching.meet(younger, '198.51.100.3');
    watching.meet(older, '198.51.100.4');
    expect(['198.51.100.3', '198.51.100.4'].map(isWatched)).toEqual([true, false]);

    await database.pool.query('update campaigns set merged_into = $1, merged_at = now() where id = $2', [
      older,
      younger,
    ]);
    await watching.refresh();
    watching.meet(older, '198.51.100.5');
    expect(['198.51.100.1', '198.51.100.2', '198.51.100.5'].map(isWatched)).toEqual([true, true, true]);

    // A process that starts now knows them from the table.
    const restarted = openWatching();
    await restarted.refresh();
    expect(restarted.isWatched({ sourceIp: '198.51.100.1' })).toBe(true);
    clock.advance(10 * 60_000);
    expect(await someActions().expire(stop)).toBe(1);
    expect(['198.51.100.1', '198.51.100.2', '198.51.100.5', watched].map(isWatched)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('is nobody for a campaign that there is not', async () => {
    expect(await order({ campaign: randomUUID() })).toMatchObject([{ status: 'refused' }]);
  });

  async function visit(localAddress: string, meanwhile: () => Promise<void>): Promise<void> {
    const shell = await cowrie.login({ localAddress });
    await shell.type('echo brought by him > /tmp/x');
    await meanwhile();
    shell.close();
    await expect
      .poll(async () => await readFile(cowrie.logPath, 'utf8'), { timeout: 10_000 })
      .toMatch(new RegExp(`"src_ip":"${localAddress}".*cowrie.session.closed`));
  }

  function openWatching(): Watching {
    return composeWatching({
      ...{ database, folder, clock, log: { warn: () => undefined } },
      foldersOf: (sensor) => (sensor === 'trap' ? foldersOfCowrie(cowrie.dir) : undefined),
    });
  }

  function someActions() {
    return createActions({
      ...{ store: createActionStore(database), actions: [watching.action], clock, dryRun: false },
      approve: async () => ({ kind: 'granted', by: null }),
      ended: () => undefined,
    });
  }

  async function order(parameters: ActionRequest['parameters']) {
    const about = { severity: 'HIGH' as const, sensor: null, sessionId: null, sourceIp: null };
    const cause = { causeId: randomUUID(), decisionId: null, requestedBy: 'test', reason: 'A test.', ...about };
    return await someActions().request({ kind: 'monitor', parameters, lifetimeSeconds: null, cause }, stop);
  }

  /** What is new in Cowrie's log goes through the pipeline. */
  function createLogReader(): () => Promise<void> {
    const pipeline = composePipeline({
      ...{ database, clock, timeZone: 'UTC', startSession, isProbe: () => false, isWatched: watching.isWatched },
      assess: (_event, session) => ({ assessment: null, session }),
      publish: watching.afterStored,
      assessFailed: (_event, error) => expect.fail(String(error)),
    });
    return async () => {
      const texts = (await readFile(cowrie.logPath, 'utf8')).split('\n').filter((text) => text !== '');
      const lines = texts.map((text) => ({ text, coveredBytes: text.length + 1 }));
      const source = { sourceId: 'trap', kind: 'file', place: cowrie.logPath };
      await pipeline.onLines({ sourceId: 'trap', lines, position: null, readBytes: 0 }, source);
    };
  }

  async function kept() {
    const reader = createReader(database.pool);
    return (await createKeptFileReads(reader).listKeptFiles({ limit: 100 })).data.toSorted((a, b) =>
      a.kind < b.kind ? -1 : 1,
    );
  }

  async function aCampaign(addresses: readonly string[]): Promise<string> {
    const id = randomUUID();
    await database.pool.query(
      `insert into campaigns (id, name, first_seen, last_seen, sessions, addresses, severity, threat_score)
       values ($1, 'a botnet', now(), now(), 1, 1, 'HIGH', 0.9)`,
      [id],
    );
    for (const address of addresses) {
      await database.pool.query('insert into campaign_addresses values ($1, $2, 1, now())', [id, address]);
    }
    return id;
  }
});
