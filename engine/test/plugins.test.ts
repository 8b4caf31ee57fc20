import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActions } from '../src/act/actions.ts';
import { createPluginSource } from '../src/compose/plugins/plugin-source.ts';
import { loadPlugins } from '../src/compose/plugins.ts';
import { readConfig } from '../src/config.ts';
import { systemClock } from '../src/kit/clock.ts';
import { createActionStore } from '../src/store/actions.ts';
import { findPosition } from '../src/store/sources.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { readLedger, startFollowing } from './support/followed-source.ts';

const examples = join(import.meta.dirname, '..', '..', 'examples', 'plugins');
const identity = { sourceId: 'plugin test', kind: 'plugin', place: 'test' };
/** So that a plugin that failed is begun again at once. */
const hasty = { ...systemClock, sleep: (_ms: number, signal?: AbortSignal) => systemClock.sleep(10, signal) };

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cerberus-plugins-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

describe('a source in a plugin', () => {
  it('of the example is stored line by line, and goes on after a restart where it was', async () => {
    await cp(join(examples, 'numbered-files.ts'), join(folder, 'numbered-files.ts'));
    await writeFile(join(folder, 'numbered-files.json'), JSON.stringify({ folder }));
    await writeFile(join(folder, '1.jsonl'), linesOf('one', 1500).join('\n'));
    const first = follow('numbered-files.ts');
    await expect.poll(() => countEvents('one'), { timeout: 20_000 }).toBe(1500);
    await first.stop();
    expect(await findPosition(database.pool, identity.sourceId)).toEqual({ plugin: 2 });
    // Read again it would be stored, being other lines.
    await writeFile(join(folder, '1.jsonl'), linesOf('again', 1).join('\n'));
    await writeFile(join(folder, '2.jsonl'), linesOf('two', 1).join('\n'));
    const second = follow('numbered-files.ts', await findPosition(database.pool, identity.sourceId));
    await expect.poll(() => countEvents('two'), { timeout: 20_000 }).toBe(1);
    await second.stop();
    expect(await countEvents('again')).toBe(0);
    expect(await readLedger(database, identity.sourceId)).toEqual({
      stored: 1501,
      duplicate: 0,
      parked: 0,
      balanced: true,
    });
  });

  it.each([
    ['throws', `throw new Error('on purpose')`, /on purpose/],
    ['hangs', 'for (;;);', /did not answer/],
    ['ends its process', 'process.exit(3)', /thread ended/],
    [
      'uses up its memory',
      'const all = []; for (;;) all.push(new Array(1e6).fill(all.length));',
      /memory|did not answer/,
    ],
    ['gives what are no lines', 'await tools.give([1], 0)', /lines\.0/],
    ['gives too much', `await tools.give(['x'.repeat(5_000_000)], 0)`, /at most 4194304/],
  ])('that %s harms only itself, says so, and is begun again with its last position', async (name, fault, says) => {
    const session = `fault ${name}`;
    const [line = ''] = linesOf(session, 1);
    await writeFile(
      join(folder, 'faulty.mjs'),
      `export const plugin = { manifest: ${manifest('source')}, async follow(tools) {
         if (tools.position === 7) { await tools.give([${JSON.stringify(line)}], 8); await new Promise(() => {}); }
         ${fault}
       } };`,
    );
    const faulty = follow('faulty.mjs');
    await expect.poll(() => faulty.state().problem, { timeout: 30_000 }).toMatch(says);
    expect(faulty.state().active).toBe(false);
    await faulty.stop();
    // With that position it works: also after a fault, as the state then tells.
    const sound = follow('faulty.mjs', { plugin: 7 });
    await expect.poll(() => countEvents(session), { timeout: 20_000 }).toBe(1);
    expect(sound.state()).toEqual({ active: true, unreadBytes: null });
    await sound.stop();
  });

  function follow(file: string, position: unknown = undefined) {
    const stop = new AbortController();
    const path = join(folder, file);
    const options = { sourceId: identity.sourceId, path, position, clock: hasty, signal: stop.signal, silentMs: 1_500 };
    const source = createPluginSource(options);
    return { ...startFollowing({ database, identity, source, stop }), state: source.state };
  }
});

describe('an action in a plugin', () => {
  it('of the example is carried out, verified and undone by the runner', async () => {
    const notes = await mkdtemp(join(tmpdir(), 'cerberus-notes-'));
    await cp(join(examples, 'note-to-file.ts'), join(folder, 'note-to-file.ts'));
    await writeFile(join(folder, 'note-to-file.json'), JSON.stringify({ folder: notes }));
    const { actions } = await load();
    const [id = ''] = await order(actions, { plugin: 'note-to-file', with: { text: 'look' } });
    expect(await statusOf(id)).toEqual({ status: 'verified', why: 'The note stands as it was written.' });
    const [note = ''] = await readdir(notes);
    expect(JSON.parse(await readFile(join(notes, note), 'utf8'))).toMatchObject({ reason: 'a test', text: 'look' });
    await actions.undo(id, new AbortController().signal);
    expect(await readdir(notes)).toEqual([]);
    await rm(notes, { recursive: true });
  });

  it.each([
    ['throws', `throw new Error('on purpose')`, /on purpose/],
    ['answers nonsense', 'return 7', /record/],
    ['hangs', 'for (;;);', /did not answer/],
    ['ends its process', 'process.exit(3)', /thread ended/],
  ])('that %s fails, and was asked to undo it', { timeout: 90_000 }, async (_name, fault, says) => {
    const undone = join(folder, 'undone.txt');
    await writeFile(
      join(folder, 'faulty.mjs'),
      `import { writeFileSync } from 'node:fs';
       export const plugin = { manifest: ${manifest('action')}, async run() { ${fault} },
         async verify() { return { verified: true, why: 'x' }; }, async undo() { writeFileSync(${JSON.stringify(undone)}, ''); } };`,
    );
    const { actions } = await load();
    const [id = ''] = await order(actions, { plugin: 'faulty', with: {} });
    const { rows } = await database.pool.query('select status, error from actions where id = $1', [id]);
    expect(rows).toMatchObject([{ status: 'failed', error: expect.stringMatching(says) }]);
    expect(await readdir(folder)).toContain('undone.txt');
  });
});

it.each([
  ['of another interface', manifest('source').replace('"api":1', '"api":2'), /manifest\.api must be 1/],
  ['without a sound name', manifest('source').replace('faulty', '../x'), /small letters/],
])('a plugin %s is left out, and the log says why', async (_what, said, why) => {
  await writeFile(join(folder, 'faulty.mjs'), `export const plugin = { manifest: ${said}, async follow() {} };`);
  await writeFile(join(folder, 'rubbish.ts'), 'this is no program');
  const { logged, sources } = await load();
  expect(sources).toEqual([]);
  expect(logged).toEqual([expect.stringMatching(why), expect.stringMatching(/./)]);
});

async function load() {
  const logged: string[] = [];
  const config = readConfig({
    ...{ flags: {}, cwd: '/', home: '/', projectDir: null, readFile: () => '' },
    env: { CERBERUS_PLUGINS_DIR: folder },
  });
  const log = { info: () => undefined, error: ({ why }: { why?: string }) => void logged.push(why ?? '') };
  const { action, sources } = await loadPlugins(config, log);
  const store = createActionStore(database);
  const approve = async () => ({ kind: 'granted' as const, by: null });
  const actions = createActions({
    store,
    actions: [action],
    clock: systemClock,
    dryRun: false,
    approve,
    ended: () => undefined,
  });
  return { actions, sources, logged };
}

/** Gives the ids of what was carried out. */
async function order(
  actions: ReturnType<typeof createActions>,
  parameters: Record<string, unknown>,
): Promise<string[]> {
  const causeId = randomUUID();
  const nobody = { decisionId: null, sensor: null, sessionId: null, sourceIp: '192.0.2.1' };
  const cause = { ...nobody, causeId, requestedBy: 'token:o', reason: 'a test', severity: 'HIGH' as const };
  await actions.request({ kind: 'plugin', parameters, lifetimeSeconds: null, cause }, new AbortController().signal);
  const { rows } = await database.pool.query('select id from actions where cause_id = $1', [causeId]);
  return rows.map(({ id }) => id);
}

async function statusOf(id: string) {
  const { rows } = await database.pool.query(`select status, verification->>'why' as why from actions where id = $1`, [
    id,
  ]);
  return rows[0];
}

function manifest(kind: string): string {
  return JSON.stringify({ api: 1, kind, name: 'faulty', version: '1', does: 'Fails on purpose.' });
}

function linesOf(session: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const timestamp = new Date(Date.UTC(2026, 10, 22, 10) + at).toISOString();
    return JSON.stringify({ eventid: 'appliance.notice', timestamp, session, sensor: 'appliance' });
  });
}

async function countEvents(session: string): Promise<number> {
  return (await database.pool.query('select count(*) as n from events where session_id = $1', [session])).rows[0].n;
}
