import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ArtifactList } from '@cerberusmesh/contract/api-artifacts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSession } from '../src/assess/assess.ts';
import { composeArtifacts } from '../src/compose/artifacts.ts';
import { composePipeline } from '../src/compose/compose-pipeline.ts';
import { readConfig } from '../src/config.ts';
import { systemClock } from '../src/kit/clock.ts';
import type { Artifacts } from '../src/serve/routes/artifacts.ts';
import { startTestServer, type TestServer } from '../src/serve/support/serve-parts.ts';
import { createQueries } from '../src/store/read/queries.ts';
import { createReader } from '../src/store/read/reader.ts';
import { type RealCowrie, startCowrie } from './support/cowrie.ts';

const run = promisify(execFile);
const payload = 'echo from a payload';

describe('what a visit of a real Cowrie leaves', () => {
  let cowrie: RealCowrie;
  let server: TestServer;
  let given: Artifacts;
  let sessions: string[];
  beforeAll(async () => {
    cowrie = await startCowrie();
    const pass: Artifacts = {
      list: (...query) => given.list(...query),
      openRecording: (...query) => given.openRecording(...query),
      openArchive: (sha256) => given.openArchive(sha256),
    };
    server = await startTestServer({ artifacts: pass });
    for (const localAddress of ['127.0.0.1', '127.0.0.2']) {
      const shell = await cowrie.login({ localAddress });
      await shell.type('uname -a');
      await shell.type(`echo "${payload}" > /tmp/x`);
      shell.close();
    }
    await cowrie.end();
    sessions = await store(await readFile(cowrie.logPath, 'utf8'), 'cowrie log');
    given = await bringIn();
  }, 300_000);
  afterAll(async () => {
    await server.close();
    await cowrie.stop();
  });
  beforeEach(async () => {
    given = compose().artifacts;
  });

  it('is listed with its session, each content once, and how many sessions had it', async () => {
    for (const [index, id] of sessions.entries()) {
      const { data } = ArtifactList.parse((await ask(`/api/sessions/${id}/artifacts`)).json());
      expect(data).toMatchObject([
        {
          kind: 'download',
          state: 'kept',
          sha256: payloadHash,
          name: '/tmp/x',
          size_bytes: payload.length + 1,
          sessions: 2,
        },
        { kind: 'recording', state: 'kept', is_repeat: index === 1, sessions: 2 },
      ]);
    }
    const { rows } = await server.database.pool.query('select kind, sealed from artifacts order by kind');
    expect(rows.map(({ kind }) => kind)).toEqual(['payload', 'recording']);
    for (const { sealed } of rows) expect(String(sealed)).not.toContain('uname');
  });

  it('is seen again as it was, as an asciicast', async () => {
    const answer = await ask(`/api/sessions/${sessions[0]}/recording`);
    expect(answer.headers['content-type']).toBe('application/x-asciicast');
    const [header, ...events] = answer.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({ version: 2, width: 200, height: 50 });
    const textOf = (wanted: string) => events.flatMap(([, code, text]) => (code === wanted ? [text] : [])).join('');
    expect(textOf('i')).toContain('uname -a');
    expect(textOf('o')).toMatch(/Linux .*GNU\/Linux/);
    const times = events.map(([at]) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    // The second one typed the same, and Cowrie keeps one.
    const second = await ask(`/api/sessions/${sessions[1]}/recording`);
    expect(JSON.parse(second.body.split('\n')[0] ?? '')).toHaveProperty('title');
  });

  it('is handed out only in a zip that another program opens with the password and not without', async () => {
    const answer = await ask(`/api/artifacts/${payloadHash}/archive`, 'operator');
    expect(answer.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${payloadHash}.zip"`,
      'x-content-type-options': 'nosniff',
    });
    expect(answer.rawPayload.includes(payload)).toBe(false);
    const folder = await mkdtemp(join(tmpdir(), 'cerberus-archive-'));
    try {
      const zip = join(folder, 'a.zip');
      await writeFile(zip, answer.rawPayload);
      const { stdout } = await run('7zz', ['e', '-so', '-pinfected', zip]);
      expect(stdout).toBe(`${payload}\n`);
      await expect(run('7zz', ['t', '-pwrong', zip])).rejects.toThrow(/Wrong password/);
    } finally {
      await rm(folder, { recursive: true });
    }
    const { rows } = await server.database.pool.query(`select actor from audit_log where action = 'artifact.download'`);
    expect(rows).toEqual([{ actor: 'token:o' }]);
  });

  it('opens under the key that it was sealed with and under no other', async () => {
    given = compose({}, Buffer.alloc(32, 9)).artifacts;
    expect((await ask(`/api/artifacts/${payloadHash}/archive`, 'operator')).statusCode).toBe(500);
    const master = 'a master key of the tests, long enough';
    given = compose({ CERBERUS_MASTER_KEY: master }).artifacts;
    expect((await ask(`/api/artifacts/${payloadHash}/archive`, 'operator')).statusCode).toBe(200);
  });

  it('that is told on another machine stays there, and says so', async () => {
    const [id] = await store(lineOf('far', 'ab'.repeat(32)), 'http');
    const { data } = (await ask(`/api/sessions/${id}/artifacts`)).json();
    expect(data).toMatchObject([{ state: 'elsewhere', sha256: null }]);
    expect((await ask(`/api/sessions/${id}/recording`)).statusCode).toBe(404);
  });

  it('makes room for what comes later, and its row stays', async () => {
    const content = randomBytes(8_900);
    const name = createHash('sha256').update(content).digest('hex');
    await writeFile(join(cowrie.dir, 'var/lib/cowrie/downloads', name), content);
    const [id] = await store(lineOf('large', name), 'cowrie log');
    given = await bringIn({ CERBERUS_ARTIFACTS_BYTES: '9000' });
    expect((await ask(`/api/sessions/${id}/artifacts`)).json().data).toMatchObject([{ state: 'kept', sha256: name }]);
    const { data } = (await ask(`/api/sessions/${sessions[0]}/artifacts`)).json();
    expect(data.map(({ state }: { state: string }) => state)).toEqual(['dropped', 'dropped']);
    expect((await ask(`/api/artifacts/${payloadHash}/archive`, 'operator')).statusCode).toBe(404);
  });

  function compose(env: Record<string, string> = {}, installKey = Buffer.alloc(32, 7)) {
    const config = readConfig({
      ...{ flags: {}, cwd: '/', home: '/', projectDir: null, readFile: () => '' },
      env: { COWRIE_LOG_PATH: cowrie.logPath, ...env },
    });
    const { database } = server;
    const queries = createQueries(createReader(database.pool));
    return composeArtifacts({
      config,
      database,
      queries,
      settings: server.settings,
      installKey,
      clock: systemClock,
      log: { warn: () => undefined },
      askSensor: () => Promise.reject(new Error('Nobody is asked here.')),
    });
  }

  /** Until nothing waits any more. */
  async function bringIn(env: Record<string, string> = {}): Promise<Artifacts> {
    const stop = new AbortController();
    const { artifacts, run: keepBringing } = compose(env);
    const running = keepBringing(stop.signal);
    const waiting = `select 1 from artifact_sightings where state = 'waiting'`;
    await vi.waitUntil(async () => (await server.database.pool.query(waiting)).rowCount === 0, { timeout: 20_000 });
    stop.abort();
    await running;
    return artifacts;
  }

  /** Gives the sessions of these lines, in the order of their beginning. */
  async function store(log: string, kind: string): Promise<string[]> {
    const { onLines } = composePipeline({
      ...{ database: server.database, clock: systemClock, timeZone: 'UTC', startSession, isProbe: () => false },
      assess: (_event, session) => ({ assessment: null, session }),
      assessFailed: (_event, error) => {
        throw error;
      },
    });
    const lines = log
      .trimEnd()
      .split('\n')
      .map((text) => ({ text, coveredBytes: text.length + 1 }));
    const source = { sourceId: kind, kind, place: cowrie.logPath };
    await onLines({ sourceId: kind, lines, position: {}, readBytes: log.length }, source);
    return [...new Set(lines.map(({ text }): string => JSON.parse(text).session))];
  }

  async function ask(url: string, as: 'viewer' | 'operator' = 'viewer') {
    return await server.api.inject({ url, headers: server.as[as] });
  }
});

const payloadHash = createHash('sha256').update(`${payload}\n`).digest('hex');

function lineOf(session: string, shasum: string): string {
  const eventid = 'cowrie.session.file_download';
  const timestamp = new Date().toISOString();
  return `${JSON.stringify({ eventid, timestamp, session, sensor: 'test-sensor', shasum, outfile: '', url: 'http://192.0.2.1/x' })}\n`;
}
