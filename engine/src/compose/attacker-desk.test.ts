import { randomUUID } from 'node:crypto';
import { Policy } from '@cerberusmesh/contract/policy';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { readConfig } from '../config.ts';
import { createBlocklist } from '../store/blocklist.ts';
import { openAllowList } from './attacker-desk.ts';
import { composeDecide } from './compose-decide.ts';
import { composeLockDown } from './lock-down.ts';

const now = new Date('2026-11-22T12:00:00Z');
const clock = { now: () => now, sleep: async () => undefined };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());

it('an allowed network holds for the next decision and the block feed at once, undoes its blocks, and is forgotten again', async () => {
  const allowList = await openAllowList(database);
  const config = readConfig({
    ...{ env: {}, flags: {}, cwd: '/', home: '/', projectDir: null },
    readFile: () => '',
  });
  const decider = await composeDecide({
    ...{ config, database, installKey: Buffer.alloc(32), settings: { current: () => ({}) as never }, clock },
    ...{ recordedSensor: 'recorded', log: { warn: () => undefined }, allowed: allowList.networks },
  });
  allowList.onChange(decider.useAllowed);
  const { readBlocklist } = composeLockDown({ config, database, clock, policy: decider.currentPolicy });
  const [inside, outside] = [randomUUID(), randomUUID()];
  for (const [id, address] of [
    [inside, '9.9.9.9'],
    [outside, '8.8.8.8'],
  ] as const) {
    await addBlock(id, address);
    const until = new Date(now.getTime() + 60_000);
    await createBlocklist(database.pool).add({ address, reason: 'a test', actionId: id, since: now, until });
  }
  const undone: string[] = [];
  const desk = allowList.desk(async (id) => undone.push(id) === 1);

  const allowed = await desk.allow({ network: '9.9.9.77/24', reason: 'a partner' }, 'user:ada');

  expect(allowed).toMatchObject({ network: '9.9.9.0/24', lifted: [inside], still_blocked: [] });
  expect(undone).toEqual([inside]);
  expect(decider.currentPolicy().policy.guards.never.networks).toContain('9.9.9.0/24');
  expect(decider.policyOfFile().policy.guards.never.networks).not.toContain('9.9.9.0/24');
  expect(Policy.safeParse(decider.currentPolicy().policy).error).toBeUndefined();
  expect((await readBlocklist()).map(({ address }) => address)).toEqual(['8.8.8.8']);
  // What another process allowed is learned by asking again.
  await openAllowList(database).then((other) =>
    other.desk(async () => true).allow({ network: '2001:db8::1', reason: 'x' }, 'o'),
  );
  await allowList.refresh();
  expect(decider.currentPolicy().policy.guards.never.networks).toContain('2001:db8::1/128');

  expect(await desk.forbid(allowed.id, 'user:ada')).toBe(true);
  expect(await desk.forbid(allowed.id, 'user:ada')).toBe(false);
  expect((await readBlocklist()).map(({ address }) => address)).toEqual(['8.8.8.8', '9.9.9.9']);
  const { rows } = await database.pool.query('select action, subject from audit_log where actor = $1 order by id', [
    'user:ada',
  ]);
  expect(rows).toEqual([
    { action: 'network.allow', subject: '9.9.9.0/24' },
    { action: 'network.forbid', subject: '9.9.9.0/24' },
  ]);
});

async function addBlock(id: string, address: string): Promise<void> {
  await database.pool.query(
    `insert into actions (id, cause_id, kind, target, status, requested_by, reason, severity, parameters)
     values ($1, gen_random_uuid(), 'lock_down', 'attacker ' || $2, 'verified', 'engine', 'a test', 'HIGH', '{}')`,
    [id, address],
  );
}
