import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ActionsOptions, createActions } from '../src/act/actions.ts';
import { createTestClock, type TestClock } from '../src/serve/support/test-clock.ts';
import { createActionStore } from '../src/store/actions.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { createLeavingStore } from './support/dying-store.ts';
import { aRequest, createFolderAction } from './support/folder-action.ts';

const stop = new AbortController().signal;
const hourMs = 3_600_000;
/** plan, begun, first file, second file, applied, verified; then undoing, undone */
const writes = { whole: [1, 2, 3, 4, 5, 6], undo: [7, 8] };
let database: TestDatabase;
let folder: string;
let clock: TestClock;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());
beforeEach(async () => {
  await database.pool.query('truncate actions');
  folder = await mkdtemp(join(tmpdir(), 'cerberus-hostile-'));
  clock = createTestClock(new Date());
  return async () => await rm(folder, { recursive: true });
});

describe('an action whose database goes away', () => {
  it.each(writes.whole)('before its write %i says so, and is finished once it is back, once', async (fromWrite) => {
    const request = aRequest();
    const store = createLeavingStore(createActionStore(database), fromWrite);
    await expect(someActions({ store }).request(request, stop)).rejects.toThrow('Connection terminated');
    await someActions().recover(stop, 'all');
    expect(await someActions().request(request, stop)).toMatchObject([{ status: 'verified', error: null }]);
    expect(await readdir(folder)).toEqual(['a.one', 'a.two']);
    expect(await countRows()).toBe(1);
  });

  it.each(writes.undo)('while it is taken back, before its write %i, is gone once it is back', async (fromWrite) => {
    const store = createLeavingStore(createActionStore(database), fromWrite);
    const [outcome] = await someActions({ store }).request(aRequest(), stop);
    await expect(someActions({ store }).undo(outcome?.id ?? '', stop)).rejects.toThrow('Connection terminated');
    await someActions().recover(stop, 'all');
    // Before anything of it was written down, nobody knows that it was to be taken back.
    if (fromWrite === 7) await someActions().undo(outcome?.id ?? '', stop);
    expect(await statusOf(outcome?.id)).toBe('undone');
    expect(await readdir(folder)).toEqual([]);
  });

  it('and gives its target to another process stops at once, and is carried out once', async () => {
    const waiting = createFolderAction(folder, { run: untilAborted });
    const request = aRequest();
    const mine = someActions({ actions: [waiting] }).request(request, stop);
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual(['a.one']), 20_000);
    await database.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like '%pg_advisory_lock(%' and pid <> pg_backend_pid()`);
    expect(await mine).toMatchObject([{ status: 'planned' }]);
    // A server's process tells its client that it ends before it gives its locks back.
    const recovered = async () => expect(await someActions().recover(stop)).toMatchObject([{ status: 'verified' }]);
    await vi.waitFor(recovered, 20_000);
    expect(await countRows()).toBe(1);
  });
});

describe('an action in which the clock jumps', () => {
  const places = ['before it is planned', 'between its steps', 'before it is looked at', 'while it stands'] as const;

  it.each(places.flatMap((place) => [1, -1].map((hours) => ({ place, hours }))))(
    'by $hours h $place is done once, and stands no longer than its time and that hour',
    async ({ place, hours }) => {
      let runs = 0;
      const jump = async (here: (typeof places)[number]) => {
        if (here === place) clock.advance(hours * hourMs);
      };
      const action = createFolderAction(folder, {
        check: async () => {
          await jump('before it is planned');
          return undefined;
        },
        run: async () => {
          runs++;
          await jump('between its steps');
        },
        look: async () => {
          await jump('before it is looked at');
          return { verified: true, looked: true, why: 'Both files are there.' };
        },
      });
      const actions = someActions({ actions: [action] });
      expect(await actions.request(aRequest(), stop)).toMatchObject([{ status: 'verified' }]);
      await jump('while it stands');
      await actions.recover(stop);
      await actions.expire(stop);
      clock.advance(hourMs + 60_000);
      await actions.expire(stop);
      expect(runs).toBe(1);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('keeps its budget: that is counted by the clock of the database', async () => {
    const action = createFolderAction(folder, { declaration: { budgetPerHour: 1 } });
    await someActions({ actions: [action] }).request(aRequest(), stop);
    for (const hours of [1, -2]) {
      clock.advance(hours * hourMs);
      const [more] = await someActions({ actions: [action] }).request(aRequest({ name: 'b' }), stop);
      expect(more).toMatchObject({ status: 'refused', error: 'The budget of 1 in an hour is used up.' });
    }
  });

  it('over its time before it could be carried out is not begun any more', async () => {
    const away = createFolderAction(folder, {
      run: () => Promise.reject(new CerberusError('SENSOR_AWAY', 'It asked for nothing for a minute.')),
    });
    expect(await someActions({ actions: [away] }).request(aRequest(), stop)).toMatchObject([{ status: 'planned' }]);
    clock.advance(hourMs);
    expect(await someActions().recover(stop)).toMatchObject([
      { status: 'failed', error: 'Its time was over before it was carried out.' },
    ]);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('an action that a person stops', () => {
  it.each(['run', 'look'] as const)('while it hangs in its %s is gone at once', async (where) => {
    const reached = Promise.withResolvers<void>();
    const hang = async (): Promise<never> => {
      reached.resolve();
      return await new Promise(() => undefined);
    };
    const actions = someActions({ actions: [createFolderAction(folder, { [where]: hang })] });
    const request = aRequest();
    const asked = actions.request(request, stop);
    await reached.promise;
    const row = await createActionStore(database).findByCause(request.cause.causeId, 'escalate', 'folder a');
    expect(await actions.undo(row?.id ?? '', stop)).toEqual({ kind: 'undone' });
    await asked;
    expect(await statusOf(row?.id)).toBe('undone');
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['approve', 'check', 'run', 'look'] as const)(
    'by the kill switch in its %s leaves nothing behind, also where another process did it',
    async (where) => {
      let isOn = false;
      const pull = (here: typeof where) => {
        if (here === where) isOn = true;
      };
      const objection = () => (isOn ? 'The kill switch is on.' : undefined);
      const action = createFolderAction(folder, {
        check: async () => {
          pull('check');
          return undefined;
        },
        run: async () => pull('run'),
        look: async () => {
          pull('look');
          return { verified: true, looked: true, why: 'Both files are there.' };
        },
      });
      const actions = someActions({
        ...{ actions: [action], objection },
        async approve() {
          pull('approve');
          return { kind: 'granted', by: null };
        },
      });
      const [outcome] = await actions.request(aRequest(), stop);
      await someActions({ objection }).undoAll(stop);
      expect(await statusOf(outcome?.id)).toBe('undone');
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('by the kill switch before its process was killed is ended by the next start, and not carried out', async () => {
    const request = aRequest();
    const store = createLeavingStore(createActionStore(database), 2);
    await expect(someActions({ store }).request(request, stop)).rejects.toThrow();
    const stopped = someActions({ objection: () => 'The kill switch is on.' });
    expect(await stopped.recover(stop)).toMatchObject([{ status: 'undone', error: 'The kill switch is on.' }]);
    expect(await readdir(folder)).toEqual([]);
  });
});

it('an action whose check hangs is refused at its deadline', async () => {
  const hanging = createFolderAction(folder, {
    check: () => new Promise(() => undefined),
    declaration: { deadlineSeconds: 0.05 },
  });
  expect(await someActions({ actions: [hanging] }).request(aRequest(), stop)).toMatchObject([
    { status: 'refused', error: 'It did not end before its deadline.' },
  ]);
});

function someActions(options: Partial<ActionsOptions> = {}) {
  return createActions({
    store: createActionStore(database),
    actions: [createFolderAction(folder)],
    clock,
    dryRun: false,
    approve: async () => ({ kind: 'granted', by: null }),
    ended: () => undefined,
    ...options,
  });
}

async function statusOf(id: string | undefined) {
  return (await createActionStore(database).find(id ?? ''))?.status;
}

async function countRows(): Promise<number> {
  const { rows } = await database.pool.query('select count(*) from actions');
  return rows[0].count;
}

async function untilAborted(signal: AbortSignal): Promise<never> {
  await once(signal, 'abort');
  throw new Error('aborted');
}
