import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision } from '@cerberusmesh/contract/decision';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActions } from '../src/act/actions.ts';
import { createDecider, type Decider } from '../src/compose/decider.ts';
import { checkPolicy } from '../src/decide/read-policy.ts';
import { aChange } from '../src/decide/support/changes.ts';
import { startTestServer, type TestServer } from '../src/serve/support/serve-parts.ts';
import { createActionStore } from '../src/store/actions.ts';
import { createBlocklist } from '../src/store/blocklist.ts';
import { findDone, storeDecisions } from '../src/store/decisions.ts';
import { mendJobTimes, queueJobs, takeJob } from '../src/store/jobs.ts';
import { mendLifetimes } from '../src/store/lifetimes.ts';
import { aRequest, createFolderAction } from './support/folder-action.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const stop = new AbortController().signal;

// bench/reliability sets the clock of a whole engine; here each rule of time is looked at by itself.
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server.close());

describe('a question to a person', () => {
  const asking = policyOf({ approvalMinutes: { insert_trap: 30 }, cooldownSeconds: { insert_trap: 0 } });

  it('whose time was over by a clock that was an hour ahead is not done, and stays so when the clock is right again', async () => {
    const { id } = await decideAndStore(deciderOf(asking));
    server.clock.advance(hourMs);
    await server.oversight.expire();
    server.clock.advance(-hourMs);
    expect(await answer(id)).toEqual({ kind: 'too_late', status: 'expired' });
    expect(await jobsOf(id)).toEqual([]);
  });

  it('whose clock was put back an hour can be answered for an hour longer, once, and then is not done', async () => {
    const [first, second] = [await decideAndStore(deciderOf(asking)), await decideAndStore(deciderOf(asking))];
    server.clock.advance(-hourMs);
    await server.oversight.expire();
    expect(await answer(first.id)).toEqual({ kind: 'answered' });
    expect(await answer(first.id)).toEqual({ kind: 'too_late', status: 'approved' });
    expect(await jobsOf(first.id)).toHaveLength(1);
    server.clock.advance(hourMs + 30 * minuteMs);
    await server.oversight.expire();
    expect(await answer(second.id)).toEqual({ kind: 'too_late', status: 'expired' });
    expect(await jobsOf(second.id)).toEqual([]);
  });

  function answer(id: string) {
    return server.oversight.desk.answer(id, 'approved', 'test', null);
  }

  async function jobsOf(id: string) {
    return (await server.database.pool.query('select from jobs where job_key = $1', [`act ${id}`])).rows;
  }
});

describe('what stands for a time', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cerberus-clock-'));
    return async () => await rm(folder, { recursive: true });
  });

  it('is taken back early by a clock that goes an hour ahead, whole and once', async () => {
    const actions = actionsIn(folder);
    await actions.request(aRequest(), stop);
    server.clock.advance(hourMs);
    expect(await actions.expire(stop)).toBe(1);
    server.clock.advance(-hourMs);
    expect([await actions.expire(stop), await actions.recover(stop)]).toEqual([0, []]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('stands longer by as much as the clock was put back, and not for ever', async () => {
    const actions = actionsIn(folder);
    await actions.request(aRequest(), stop);
    server.clock.advance(-hourMs);
    expect(await actions.expire(stop)).toBe(0);
    expect(await readdir(folder)).toHaveLength(2);
    server.clock.advance(hourMs + minuteMs);
    expect(await actions.expire(stop)).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('what rests', () => {
  it('rests its cooldown from when the clock was put back, not until it is that late again', () => {
    const decider = deciderOf(policyOf({ cooldownSeconds: { insert_trap: 300 } }));
    decider.made(decider.decide([aVisit()]));
    server.clock.advance(-hourMs);
    expect(guardOf(decider)).toBe('cooldown');
    server.clock.advance(299_000);
    expect(guardOf(decider)).toBe('cooldown');
    server.clock.advance(2_000);
    expect(guardOf(decider)).toBeNull();
  });

  it('so does what a restart and the other processes read of it, told as often as they like', async () => {
    await server.database.pool.query('truncate decisions cascade');
    const policy = policyOf({ cooldownSeconds: { insert_trap: 300 } });
    await decideAndStore(deciderOf(policy));
    server.clock.advance(-hourMs);
    const known = () => findDone(server.database.pool, new Date(server.clock.now().getTime() - minuteMs));
    const decider = deciderOf(policy, await known());
    expect(guardOf(decider)).toBe('cooldown');
    for (let minute = 0; minute < 5; minute++) {
      server.clock.advance(minuteMs + 1);
      decider.learnDone(await known());
    }
    expect(guardOf(decider)).toBeNull();
  });

  it('counts for the budget of an hour from then on, and no jump back makes room', () => {
    const decider = deciderOf(policyOf({ cooldownSeconds: { insert_trap: 0 }, budgetPerHour: { insert_trap: 2 } }));
    for (let visit = 0; visit < 2; visit++) decider.made(decider.decide([aVisit()]));
    expect(guardOf(decider)).toBe('budget');
    server.clock.advance(-hourMs);
    expect(guardOf(decider)).toBe('budget');
    server.clock.advance(hourMs + 1);
    expect(guardOf(decider)).toBeNull();
  });

  it('a clock that goes to and fro gives one budget more for each time that it went ahead', () => {
    const decider = deciderOf(policyOf({ cooldownSeconds: { insert_trap: 0 }, budgetPerHour: { insert_trap: 2 } }));
    let done = 0;
    for (let jump = 0; jump < 6; jump++) {
      for (let visit = 0; visit < 5; visit++) {
        const decisions = decider.decide([aVisit()]);
        decider.made(decisions);
        done += decisions.filter(({ verdict }) => verdict === 'act').length;
      }
      server.clock.advance(jump % 2 === 0 ? hourMs + 1 : -hourMs - 1);
    }
    expect(done).toBe(2 * (1 + 3));
  });

  it('the budget of an hour holds within one batch too, where all is of one moment', () => {
    const decider = deciderOf(policyOf({ cooldownSeconds: { insert_trap: 0 }, budgetPerHour: { insert_trap: 2 } }));
    const decisions = decider.decide([aVisit(), aVisit(), aVisit(), aVisit()]);
    expect(decisions.map(({ guard }) => guard)).toEqual([null, null, 'budget', 'budget']);
  });

  it.each([
    { dated: '59 minutes', counted: 1 },
    { dated: '61 minutes', counted: 0 },
  ])('what the database dated $dated ahead counts $counted times for the budget of the runner', async (given) => {
    await server.database.pool.query('truncate actions');
    const folder = await mkdtemp(join(tmpdir(), 'cerberus-clock-'));
    await actionsIn(folder).request(aRequest(), stop);
    await server.database.pool.query('update actions set created_at = now() + $1::interval', [given.dated]);
    expect(await createActionStore(server.database).countBegun('escalate', 3600)).toBe(given.counted);
    await rm(folder, { recursive: true });
  });
});

it('a job that was queued just before the clock was put back is not due an hour later', async () => {
  const { pool } = server.database;
  await queueJobs(pool, [
    { kind: 'now', key: 'now', payload: {}, afterSeconds: 0 },
    { kind: 'later', key: 'later', payload: {}, afterSeconds: 600 },
  ]);
  await pool.query(
    `update jobs set run_at = run_at + interval '1 hour', created_at = created_at + interval '1 hour' where kind in ('now', 'later')`,
  );
  expect(await takeJob(pool, ['now'], 60)).toBeUndefined();
  expect(await mendJobTimes(pool)).toBe(2);
  expect(await mendJobTimes(pool)).toBe(0);
  expect(await takeJob(pool, ['now'], 60)).toMatchObject({ kind: 'now' });
  expect(await takeJob(pool, ['later'], 60)).toBeUndefined();
  const { rows } = await pool.query(
    `select extract(epoch from run_at - now()) between 590 and 600 as kept from jobs where kind = 'later'`,
  );
  expect(rows).toEqual([{ kept: true }]);
});

it('a job that a clock years ahead locked or put off is taken, and not in years', async () => {
  const { pool } = server.database;
  await pool.query('truncate jobs');
  await queueJobs(pool, [{ kind: 'off', key: 'off', payload: {}, afterSeconds: 0 }]);
  await queueJobs(pool, [{ kind: 'held', key: 'held', payload: {}, afterSeconds: 0 }]);
  await pool.query(`update jobs set run_at = now() + interval '4 years' where kind = 'off'`);
  await pool.query(`update jobs set locked_until = now() + interval '4 years' where kind = 'held'`);
  expect(await mendJobTimes(pool)).toBe(2);
  expect(await mendJobTimes(pool)).toBe(0);
  expect(await takeJob(pool, ['off'], 60)).toMatchObject({ kind: 'off' });
  const { rows } = await pool.query(
    `select locked_until <= now() + interval '2 minutes' as soon from jobs where kind = 'held'`,
  );
  expect(rows).toEqual([{ soon: true }]);
});

describe('a clock that stood four years ahead and came back', () => {
  const yearsMs = 4 * 365 * 24 * hourMs;
  const mend = async () => await mendLifetimes(server.database.pool, server.clock.now());

  it('leaves what was done meanwhile standing for the time that it was given, counted from then on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cerberus-clock-'));
    await server.database.pool.query('truncate actions');
    const actions = actionsIn(folder);
    server.clock.advance(yearsMs);
    await actions.request(aRequest(), stop);
    server.clock.advance(-yearsMs);
    expect([await mend(), await mend()]).toEqual([1, 0]);
    server.clock.advance(59_000);
    expect(await actions.expire(stop)).toBe(0);
    server.clock.advance(2_000);
    expect(await actions.expire(stop)).toBe(1);
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('leaves no taking back to be tried again in four years', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cerberus-clock-'));
    await server.database.pool.query('truncate actions');
    let problem: string | undefined = 'The host is away.';
    const actions = actionsIn(folder, { undo: async () => problem });
    await actions.request(aRequest(), stop);
    server.clock.advance(yearsMs);
    expect(await actions.expire(stop)).toBe(0);
    server.clock.advance(-yearsMs);
    problem = undefined;
    expect(await actions.recover(stop)).toEqual([]);
    expect(await mend()).toBe(1);
    expect(await actions.recover(stop)).toMatchObject([{ status: 'undone' }]);
    await rm(folder, { recursive: true });
  });

  it('lets a question of then be answered for as long as it was asked for, and no longer', async () => {
    const asking = policyOf({ approvalMinutes: { insert_trap: 30 }, cooldownSeconds: { insert_trap: 0 } });
    server.clock.advance(yearsMs);
    const { id } = await decideAndStore(deciderOf(asking));
    server.clock.advance(-yearsMs);
    expect([await mend(), await mend()]).toEqual([1, 0]);
    server.clock.advance(31 * minuteMs);
    expect(await server.oversight.desk.answer(id, 'approved', 'test', null)).toEqual({
      kind: 'too_late',
      status: 'expired',
    });
    await server.oversight.expire();
  });

  it('blocks no address until then, neither one blocked meanwhile nor one that was blocked before', async () => {
    const { pool } = server.database;
    await pool.query('truncate actions');
    const folder = await mkdtemp(join(tmpdir(), 'cerberus-clock-'));
    const blocklist = createBlocklist(pool);
    const block = async (address: string) => {
      const [outcome] = await actionsIn(folder).request(aRequest({ name: address }), stop);
      const since = server.clock.now();
      const until = new Date(since.getTime() + minuteMs);
      await blocklist.add({ address, reason: 'test', actionId: outcome?.id ?? '', since, until });
    };
    await block('198.51.100.1');
    server.clock.advance(yearsMs);
    await block('198.51.100.1');
    await block('198.51.100.2');
    server.clock.advance(-yearsMs);
    await mend();
    expect(await blocklist.list(server.clock.now())).toHaveLength(2);
    server.clock.advance(2 * minuteMs);
    expect(await blocklist.list(server.clock.now())).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('does not use up the budget of each start until then', async () => {
    const { pool } = server.database;
    await pool.query('truncate decisions cascade');
    server.clock.advance(yearsMs);
    await decideAndStore(deciderOf(policyOf({})));
    server.clock.advance(-yearsMs);
    expect(await findDone(pool, new Date(server.clock.now().getTime() - 24 * hourMs))).toEqual([]);
  });
});

function policyOf(guards: object) {
  const trap = { id: 'r', why: 'Because.', when: {}, decision: 'insert_trap', adaptations: ['SSH_KEYS'] };
  return checkPolicy({ version: '1', guards, rules: [trap] }, 'test');
}

function deciderOf(policy: Parameters<Decider['usePolicy']>[0], done: Awaited<ReturnType<typeof findDone>> = []) {
  const circumstances = { settings: server.settings.current, isControl: () => false, recordedSensor: 'demo' };
  return createDecider({ policy, done, clock: server.clock, ...circumstances });
}

/** Of a new visitor, at this moment. */
function aVisit() {
  return aChange({ sessionId: randomUUID(), at: server.clock.now() });
}

/** What keeps the next visitor from it; nothing of this is remembered. */
function guardOf(decider: Decider) {
  return decider.decide([aVisit()])[0]?.guard;
}

async function decideAndStore(decider: Decider): Promise<Decision> {
  const [decision] = decider.decide([aVisit()]);
  if (!decision) throw new Error('nothing was decided');
  await server.database.transaction((client) => storeDecisions(client, [decision]));
  decider.made([decision]);
  return decision;
}

function actionsIn(folder: string, wrong: Parameters<typeof createFolderAction>[1] = {}) {
  return createActions({
    store: createActionStore(server.database),
    actions: [createFolderAction(folder, wrong)],
    clock: server.clock,
    dryRun: false,
    approve: async () => ({ kind: 'granted', by: null }),
    ended: () => undefined,
  });
}
