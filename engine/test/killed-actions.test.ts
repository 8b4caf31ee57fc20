import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActionKind, ActionRequest } from '@cerberusmesh/contract/action';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createActions } from '../src/act/actions.ts';
import { systemClock } from '../src/kit/clock.ts';
import { createActionStore } from '../src/store/actions.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { createLeavingStore } from './support/dying-store.ts';
import { type EngineAction, openEngineAction } from './support/engine-action.ts';
import { dieAtWrite, isEveryKill } from './support/kill-at-write.ts';

// Of the other kinds: insert_trap in adaptation.test.ts, rotate_key in rotate-key.test.ts and aws.test.ts.
vi.setConfig({ testTimeout: 120_000 });
const stop = new AbortController().signal;
const namespace = `cerberus-kill-${process.pid}`;
// Without CAP_NET_ADMIN there is no firewall to look into; the feed is looked at in any case.
const hasFirewall = process.getuid?.() === 0 && spawnSync('ip', ['netns', 'add', namespace]).status === 0;
let database: TestDatabase;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'cerberus-killed-'));
  env = {
    CERBERUS_DATA_DIR: folder,
    CERBERUS_LAUNCH_DRIVER: 'decoy',
    CERBERUS_LAUNCH_PORTS: '24200-24299',
    // Nobody listens: a notice is queued, and what delivers is not running.
    CERBERUS_WEBHOOK_URL: 'http://127.0.0.1:9/hook',
    CERBERUS_WEBHOOK_SECRET: 'a secret of the tests, long enough',
    ...(hasFirewall && {
      CERBERUS_LOCK_DOWN_HOSTS: 'local',
      CERBERUS_LOCK_DOWN_COMMAND: `ip netns exec ${namespace} nft`,
    }),
  };
});
afterAll(async () => {
  if (hasFirewall) execFileSync('ip', ['netns', 'del', namespace]);
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Whether it is there for everybody else, however the table calls it. */
type Stands = (request: ActionRequest, engine: EngineAction) => Promise<boolean>;

const kinds: readonly {
  readonly kind: ActionKind;
  readonly parameters: ActionRequest['parameters'];
  /** Writes until it is verified: the plan, begun, its steps, applied, verified. Two more take it back. */
  readonly writes: number;
  /** Those before which something was done that nobody has written down yet. */
  readonly hard: readonly number[];
  readonly stands: Stands;
  readonly isReversible: boolean;
}[] = [
  { kind: 'monitor', parameters: { minutes: 60 }, writes: 4, hard: [3], stands: isWatched, isReversible: true },
  {
    ...{ kind: 'lock_down', parameters: { minutes: 60 }, writes: hasFirewall ? 6 : 5, hard: [3, 4] },
    ...{ stands: isBlocked, isReversible: true },
  },
  { kind: 'escalate', parameters: {}, writes: 4, hard: [3], stands: isQueuedOnce, isReversible: false },
  { kind: 'launch_decoy', parameters: { hours: 1 }, writes: 7, hard: [3], stands: answers, isReversible: true },
];

describe.each(kinds)('$kind, killed', ({ kind, parameters, writes, hard, stands, isReversible }) => {
  // With every kill a kind is begun more often than its budget lets it be in an hour.
  beforeEach(async () => {
    await database.pool.query(`update actions set created_at = created_at - interval '2 hours'`);
  });
  const whole = Array.from({ length: writes }, (_, n) => n + 1);

  it.each(isEveryKill ? whole : hard)(
    'before its write %i, is finished at the next start, once',
    async (beforeWrite) => {
      const request = aRequest(kind, parameters);
      await dieAtWrite(database, { beforeWrite, request, setting: { on: 'engine', env } });
      const { actions, engine } = await nextStart(kind);
      // The job is taken again too, because nobody completed it.
      const [outcome] = await actions.request(request, stop);
      expect(outcome).toMatchObject({ status: 'verified', error: null });
      expect(await stands(request, engine)).toBe(true);
      await endIt(outcome?.id ?? '');

      async function endIt(id: string): Promise<void> {
        if (isReversible) expect(await actions.undo(id, stop)).toEqual({ kind: 'undone' });
        expect(await stands(request, engine)).toBe(!isReversible);
        await engine.stop?.();
      }
    },
  );

  // To bring a decoy up takes seconds, so that is done with every kill only.
  it.each(isEveryKill || kind !== 'launch_decoy' ? whole : [])(
    'and when its database goes away before its write %i, it is finished once that is back, once',
    async (fromWrite) => {
      const request = aRequest(kind, parameters);
      const before = await openEngineAction(kind, env, database);
      await expect(runnerOf(before, fromWrite).request(request, stop)).rejects.toThrow('Connection terminated');
      await before.stop?.();
      const { actions, engine } = await nextStart(kind);
      const [outcome] = await actions.request(request, stop);
      expect(outcome).toMatchObject({ status: 'verified', error: null });
      expect(await stands(request, engine)).toBe(true);
      if (isReversible) expect(await actions.undo(outcome?.id ?? '', stop)).toEqual({ kind: 'undone' });
      expect(await stands(request, engine)).toBe(!isReversible);
      await engine.stop?.();
    },
  );

  it.skipIf(!isReversible).each([...(isEveryKill ? [writes + 1] : []), writes + 2])(
    'while it is taken back, before its write %i, is gone after the next start (skipped where it is never taken back)',
    async (beforeWrite) => {
      const request = aRequest(kind, parameters);
      await dieAtWrite(database, { beforeWrite, thenUndo: true, request, setting: { on: 'engine', env } });
      const { actions, engine } = await nextStart(kind);
      const row = await createActionStore(database).findByCause(request.cause.causeId, kind, targetOf(request));
      // Before anything of it was written down, nobody knows that it was to be taken back.
      if (beforeWrite === writes + 1) await actions.undo(row?.id ?? '', stop);
      expect((await createActionStore(database).find(row?.id ?? ''))?.status).toBe('undone');
      expect(await stands(request, engine)).toBe(false);
      await engine.stop?.();
    },
  );
});

/** One round of what a running engine goes through again and again: compose/actions.ts. */
async function nextStart(kind: ActionKind) {
  const engine = await openEngineAction(kind, env, database);
  const actions = runnerOf(engine);
  await actions.recover(stop, 'all');
  await engine.watching?.refresh();
  await engine.tend?.();
  return { actions, engine };
}

function runnerOf({ action }: EngineAction, awayFromWrite = Number.POSITIVE_INFINITY) {
  return createActions({
    store: createLeavingStore(createActionStore(database), awayFromWrite),
    actions: [action],
    clock: systemClock,
    dryRun: false,
    approve: async () => ({ kind: 'granted', by: null }),
    ended: () => undefined,
  });
}

let next = 1;

function aRequest(kind: ActionKind, parameters: ActionRequest['parameters']): ActionRequest {
  const about = { severity: 'HIGH' as const, sensor: 'trap', sessionId: null, sourceIp: `9.9.9.${next++}` };
  const cause = { causeId: randomUUID(), decisionId: null, requestedBy: 'engine', reason: 'A test.', ...about };
  return { kind, parameters, lifetimeSeconds: null, cause };
}

function targetOf({ kind, cause }: ActionRequest): string {
  if (kind === 'launch_decoy') return 'decoys';
  return kind === 'escalate' ? 'people' : `attacker ${cause.sourceIp}`;
}

async function isWatched({ cause }: ActionRequest, { watching }: EngineAction) {
  return watching?.isWatched({ sourceIp: cause.sourceIp }) === true;
}

async function isBlocked({ cause }: ActionRequest): Promise<boolean> {
  const { rows } = await database.pool.query('select from blocklist where address = $1', [cause.sourceIp]);
  const list = ['netns', 'exec', namespace, 'nft', 'list', 'table', 'inet', 'cerberusmesh'];
  const isListed = hasFirewall && execFileSync('ip', list, { encoding: 'utf8' }).includes(`${cause.sourceIp} timeout`);
  if (hasFirewall) expect(isListed).toBe(rows.length === 1);
  return rows.length === 1;
}

async function isQueuedOnce({ cause }: ActionRequest): Promise<boolean> {
  const { rows } = await database.pool.query('select repeats from notices where group_key = $1', [
    `attacker:${cause.sourceIp}`,
  ]);
  expect(rows.length).toBeLessThan(2);
  return rows[0]?.repeats === 0;
}

/** Exactly one of ours, and it answers; or nothing of any is left. */
async function answers(request: ActionRequest): Promise<boolean> {
  const found = await createActionStore(database).findByCause(request.cause.causeId, request.kind, 'decoys');
  const { port } = Object(found?.plan);
  const isUp = await knock(Number(port));
  const folders = await readdir(join(folder, 'decoys', 'launched')).catch(() => []);
  const { rows } = await database.pool.query('select from sensors');
  expect([folders.length, rows.length]).toEqual(isUp ? [1, 1] : [0, 0]);
  return isUp;
}

async function knock(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isUp = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isUp;
}
