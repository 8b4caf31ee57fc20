import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActionRequest } from '@cerberusmesh/contract/action';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ActionOutcome, type ActionsOptions, createActions } from '../src/act/actions.ts';
import { createTestClock, type TestClock } from '../src/serve/support/test-clock.ts';
import { createActionStore, queueAction } from '../src/store/actions.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { aRequest, createFolderAction } from './support/folder-action.ts';
import { dieAtWrite, isEveryKill } from './support/kill-at-write.ts';

const stop = new AbortController().signal;
let database: TestDatabase;
let folder: string;
let clock: TestClock;
let told: ActionOutcome[];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());

beforeEach(async () => {
  await database.pool.query('truncate actions');
  folder = await mkdtemp(join(tmpdir(), 'cerberus-actions-'));
  // The budget compares with the database's own time of creation.
  clock = createTestClock(new Date());
  told = [];
  return async () => await rm(folder, { recursive: true });
});

describe('an action', () => {
  it('is carried out, looked at, recorded with its steps, and told', async () => {
    const [outcome] = await someActions().request(aRequest(), stop);
    expect(outcome).toMatchObject({ kind: 'escalate', target: 'folder a', status: 'verified', error: null });
    expect(await readdir(folder)).toEqual(['a.one', 'a.two']);
    expect(told).toEqual([outcome]);
    const row = await createActionStore(database).find(outcome?.id ?? '');
    expect(row?.steps.map(({ name }) => name)).toEqual(['first file', 'second file']);
    expect(row?.result).toEqual({ files: 2 });
    expect(row?.verification).toMatchObject({ verified: true, looked: true, why: 'Both files are there.' });
    expect(row?.expiresAt).toEqual(new Date(clock.now().getTime() + 60_000));
  });

  it('asked for again by the same cause is the same action', async () => {
    const request = aRequest();
    const [first] = await someActions().request(request, stop);
    const [second] = await someActions().request(request, stop);
    expect(second).toEqual(first);
    const { rows } = await database.pool.query('select count(*) from actions');
    expect(rows[0].count).toBe(1);
  });

  it('asked for by two processes at the same time is carried out once', async () => {
    const request = aRequest();
    const both = await Promise.all([someActions().request(request, stop), someActions().request(request, stop)]);
    expect(both[0]).toEqual(both[1]);
    const { rows } = await database.pool.query('select jsonb_array_length(steps) as steps from actions');
    expect(rows).toEqual([{ steps: 2 }]);
  });

  it('whose run fails in the middle leaves nothing behind, and says why', async () => {
    const broken = createFolderAction(folder, { run: () => Promise.reject(new Error('the disk is full')) });
    const [outcome] = await someActions({ actions: [broken] }).request(aRequest(), stop);
    expect(outcome).toMatchObject({ status: 'failed', error: 'the disk is full' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('that does not end before its deadline is taken back', async () => {
    const hanging = createFolderAction(folder, {
      run: () => new Promise(() => undefined),
      // Planning and taking back have as long, on a busy machine too.
      declaration: { deadlineSeconds: 2 },
    });
    const [outcome] = await someActions({ actions: [hanging] }).request(aRequest(), stop);
    expect(outcome).toMatchObject({ status: 'failed', error: 'It did not end before its deadline.' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('that is not seen to stand is taken back', async () => {
    const look = async () => ({ verified: false, looked: true, why: 'It is not there.' });
    const [outcome] = await someActions({ actions: [createFolderAction(folder, { look })] }).request(aRequest(), stop);
    expect(outcome).toMatchObject({ status: 'failed', error: 'It is not there.' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('that is taken back while it is looked at is, at once, by two people too, and is never called verified', async () => {
    const looking = Promise.withResolvers<void>();
    const look = () => {
      looking.resolve();
      return new Promise<never>(() => undefined);
    };
    const actions = someActions({ actions: [createFolderAction(folder, { look })] });
    const asked = actions.request(aRequest(), stop);
    await looking.promise;
    const { rows } = await database.pool.query<{ id: string }>('select id from actions');
    const both = await Promise.all([1, 2].map(() => actions.undo(rows[0]?.id ?? '', stop)));
    expect(both).toContainEqual({ kind: 'undone' });
    const explanation = 'This action is undone, so there is nothing to take back.';
    expect(both).toContainEqual({ kind: 'refused', explanation });
    expect(await asked).toMatchObject([{ status: 'applied' }]);
    expect(await actions.recover(stop)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    const ended = await database.pool.query('select status, verified_at from actions');
    expect(ended.rows).toEqual([{ status: 'undone', verified_at: null }]);
  });

  it('that nobody could look at is looked at again later, and taken back when nobody ever can', async () => {
    const look = async () => ({ verified: false, looked: false, why: 'The host does not answer.' });
    const actions = someActions({ actions: [createFolderAction(folder, { look })] });
    const [outcome] = await actions.request(aRequest(), stop);
    expect(outcome).toMatchObject({ status: 'applied' });
    expect(await actions.recover(stop)).toEqual([]);
    const states: string[] = [];
    for (let round = 0; round < 4; round++) {
      clock.advance(3_600_000);
      states.push(...(await actions.recover(stop)).map(({ status }) => status));
    }
    expect(states).toEqual(['applied', 'applied', 'applied', 'failed']);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that cannot be taken back yet is tried again until it is', async () => {
    let isReachable = false;
    const undo = async () => (isReachable ? undefined : 'The host does not answer.');
    const actions = someActions({ actions: [createFolderAction(folder, { undo })] });
    const [outcome] = await actions.request(aRequest(), stop);
    expect(await actions.undo(outcome?.id ?? '', stop)).toMatchObject({ kind: 'refused' });
    clock.advance(3_600_000);
    expect(await actions.recover(stop)).toMatchObject([{ status: 'undoing' }]);
    isReachable = true;
    clock.advance(3_600_000);
    expect(await actions.recover(stop)).toMatchObject([{ status: 'undone' }]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('whose sensor is away waits as long as its time, and is carried out once it is there', async () => {
    let isThere = false;
    const run = async () => {
      if (!isThere) throw new CerberusError('SENSOR_AWAY', 'It asked for nothing for a minute.');
    };
    const actions = someActions({ actions: [createFolderAction(folder, { run })] });
    expect(await actions.request(aRequest(), stop)).toMatchObject([{ status: 'planned', error: null }]);
    for (let round = 0; round < 5; round++) await actions.recover(stop);
    expect(told.map(({ status }) => status)).toEqual(['planned']);
    isThere = true;
    expect(await actions.recover(stop)).toMatchObject([{ status: 'verified' }]);
  });

  it('that nobody can look at stands as long as its time, where it may', async () => {
    const look = async () => ({ verified: false, looked: false, why: 'The probe could not get in.' });
    const action = createFolderAction(folder, { look, rules: { standsUnseen: true } });
    const actions = someActions({ actions: [action] });
    const unseen = { status: 'applied', error: 'The probe could not get in.' };
    expect(await actions.request(aRequest(), stop)).toMatchObject([unseen]);
    for (let round = 0; round < 8; round++) expect(await actions.recover(stop, 'all')).toMatchObject([unseen]);
    clock.advance(60_000);
    expect(await actions.expire(stop)).toBe(1);
  });

  it('in whose place something of somebody else lies touches nothing, and says so', async () => {
    const undo = async () => ({ left: 'Somebody changed it.' });
    const failing = createFolderAction(folder, { undo, run: () => Promise.reject(new Error('the disk is full')) });
    expect(await someActions({ actions: [failing] }).request(aRequest({ name: 'b' }), stop)).toMatchObject([
      { status: 'failed', error: 'the disk is full It could not be taken back: Somebody changed it.' },
    ]);
    const actions = someActions({ actions: [createFolderAction(folder, { undo })] });
    const [outcome] = await actions.request(aRequest(), stop);
    expect(await actions.undo(outcome?.id ?? '', stop)).toEqual({
      kind: 'refused',
      explanation: 'It could not be taken back yet, and is tried again from now on: Somebody changed it.',
    });
    clock.advance(3_600_000);
    expect(await someActions().recover(stop)).toMatchObject([{ status: 'undone' }]);
  });

  it('that is laid on another waits until what a kill left of that is whole', async () => {
    const rules = { placeOf: () => 'one place' };
    const layered = (run?: () => Promise<void>) => createFolderAction(folder, { rules, ...(run ? { run } : {}) });
    const away = () => Promise.reject(new CerberusError('SENSOR_AWAY', 'It is away.'));
    await someActions({ actions: [layered(away)] }).request(aRequest(), stop);
    const [kept] = await someActions({ actions: [layered(away)] }).request(aRequest({ name: 'b' }), stop);
    expect(kept).toMatchObject({ status: 'refused', error: expect.stringMatching(/could not be finished yet/) });
    told = [];
    await someActions({ actions: [layered()] }).request(aRequest({ name: 'c' }), stop);
    expect(told.map(({ target, status }) => `${target} ${status}`)).toEqual(['folder a verified', 'folder c verified']);
  });

  it('of another process is left to it', async () => {
    const actions = someActions({ actions: [createFolderAction(folder, { rules: { reaches: () => false } })] });
    await someActions({ approve: async () => ({ kind: 'waiting' }) }).request(aRequest(), stop);
    await someActions().request(aRequest({ name: 'b' }), stop);
    clock.advance(60_000);
    expect(await actions.recover(stop)).toEqual([]);
    expect(await actions.expire(stop)).toBe(0);
  });

  it('is taken back when its time is over, and not before', async () => {
    const actions = someActions();
    await actions.request(aRequest(), stop);
    clock.advance(59_000);
    expect(await actions.expire(stop)).toBe(0);
    clock.advance(1_000);
    expect(await actions.expire(stop)).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('stands as long as the request says', async () => {
    const actions = someActions();
    await actions.request({ ...aRequest(), lifetimeSeconds: 10 }, stop);
    clock.advance(10_000);
    expect(await actions.expire(stop)).toBe(1);
  });

  it.each([
    { description: 'wrong parameters', parameters: { nam: 'a' }, why: 'The parameters are not of the expected form' },
    { description: 'no target', parameters: { name: 'nobody' }, why: 'There is nobody.' },
    { description: 'a check that objects', parameters: { name: 'forbidden' }, why: 'That name is forbidden.' },
  ])('is refused for $description, and touches nothing', async ({ parameters, why }) => {
    const [outcome] = await someActions().request(aRequest(parameters), stop);
    expect(outcome?.status).toBe('refused');
    expect(outcome?.error).toContain(why);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused when the hour has had its budget, and while everything is stopped', async () => {
    const action = createFolderAction(folder, { declaration: { budgetPerHour: 1 } });
    await someActions({ actions: [action] }).request(aRequest({ name: 'forbidden' }), stop);
    await someActions({ actions: [action] }).request(aRequest(), stop);
    const [second] = await someActions({ actions: [action] }).request(aRequest({ name: 'b' }), stop);
    expect(second).toMatchObject({ status: 'refused', error: 'The budget of 1 in an hour is used up.' });
    const stopped = someActions({ objection: () => 'Everything is stopped.' });
    expect(await stopped.request(aRequest({ name: 'c' }), stop)).toMatchObject([{ error: 'Everything is stopped.' }]);
  });

  it('in a dry run is recorded and touches nothing', async () => {
    expect(await someActions({ dryRun: true }).request(aRequest(), stop)).toMatchObject([{ status: 'dry_run' }]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('waits for a person where one must agree, and is carried out or refused by what he says', async () => {
    let answer: 'granted' | 'waiting' = 'waiting';
    const actions = someActions({
      approve: async () => (answer === 'granted' ? { kind: 'granted', by: 'token:a' } : { kind: 'waiting' }),
    });
    const [outcome] = await actions.request(aRequest(), stop);
    expect(outcome?.status).toBe('waiting');
    expect(await actions.recover(stop)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    answer = 'granted';
    expect(await actions.recover(stop)).toMatchObject([{ status: 'verified' }]);
    const { rows } = await database.pool.query('select approved_by, expires_at from actions');
    expect(rows).toEqual([{ approved_by: 'token:a', expires_at: new Date(clock.now().getTime() + 60_000) }]);

    const denying = someActions({ approve: async () => ({ kind: 'denied', why: 'Nobody agreed in time.' }) });
    expect(await denying.request(aRequest({ name: 'b' }), stop)).toMatchObject([
      { status: 'refused', error: 'Nobody agreed in time.' },
    ]);
  });

  it('that is not reversible is not taken back once it is verified, but a failed one is', async () => {
    const action = createFolderAction(folder, { declaration: { reversible: false } });
    const actions = someActions({ actions: [action] });
    const [outcome] = await actions.request(aRequest(), stop);
    expect(await actions.undo(outcome?.id ?? '', stop)).toMatchObject({ kind: 'refused' });
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('of every kind that stands is taken back by the kill switch, waiting ones are called off', async () => {
    const actions = someActions();
    await actions.request(aRequest(), stop);
    await actions.request(aRequest({ name: 'b' }), stop);
    const asking = someActions({ approve: async () => ({ kind: 'waiting' }) });
    await asking.request(aRequest({ name: 'c' }), stop);
    expect((await actions.undoAll(stop)).map(({ target, status }) => `${target} ${status}`)).toEqual([
      'folder c undone',
      'folder b undone',
      'folder a undone',
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is queued once by one cause', async () => {
    const request = aRequest();
    await queueAction(database.pool, request);
    await queueAction(database.pool, request);
    const { rows } = await database.pool.query(`select count(*) from jobs where kind = 'action'`);
    expect(rows[0].count).toBe(1);
  });
});

describe('an action whose process was killed', () => {
  // plan, begun, first file, second file, applied, verified
  it.each(isEveryKill ? [1, 2, 3, 4, 5, 6] : [3, 5])(
    'before its write %i is finished at the next start',
    async (beforeWrite) => {
      const request = aRequest();
      await dieAt(beforeWrite, request);
      const actions = someActions();
      const recovered = await actions.recover(stop);
      expect(recovered.map(({ status }) => status)).toEqual(beforeWrite === 1 ? [] : ['verified']);
      // The job is taken again too, because nobody completed it.
      expect(await actions.request(request, stop)).toMatchObject([{ status: 'verified' }]);
      expect(await readdir(folder)).toEqual(['a.one', 'a.two']);
      const { rows } = await database.pool.query('select count(*) from actions');
      expect(rows[0].count).toBe(1);
    },
  );

  it('each time it was begun is taken back in the end', async () => {
    const request = aRequest();
    for (const beforeWrite of [4, 3, 3]) await dieAt(beforeWrite, request);
    expect(await readdir(folder)).toEqual(['a.one', 'a.two']);
    expect(await someActions().recover(stop)).toMatchObject([
      { status: 'failed', error: 'It was begun 3 times and never ended.' },
    ]);
    expect(await readdir(folder)).toEqual([]);
  }, 60_000);
});

function someActions(options: Partial<ActionsOptions> = {}) {
  return createActions({
    store: createActionStore(database),
    actions: [createFolderAction(folder)],
    clock,
    dryRun: false,
    approve: async () => ({ kind: 'granted', by: null }),
    ended: (outcome) => void told.push(outcome),
    ...options,
  });
}

async function dieAt(beforeWrite: number, request: ActionRequest): Promise<void> {
  await dieAtWrite(database, { beforeWrite, request, setting: { on: 'folder', folder } });
}
