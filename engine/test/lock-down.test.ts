import { randomUUID } from 'node:crypto';
import type { ActionRequest } from '@cerberusmesh/contract/action';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActions } from '../src/act/actions.ts';
import type { Firewall } from '../src/act/lock-down/firewall.ts';
import { createLockDown } from '../src/act/lock-down/lock-down.ts';
import { createNetworkNames } from '../src/assess/origin/networks.ts';
import { createActionStore } from '../src/store/actions.ts';
import { createBlocklist } from '../src/store/blocklist.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';

const stop = new AbortController().signal;

describe('lock_down', () => {
  let database: TestDatabase;
  let now: Date;
  let inFirewall: Set<string>;
  let isAway: boolean;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => {
    now = new Date('2026-11-22T12:00:00Z');
    inFirewall = new Set();
    isAway = false;
  });

  it('puts the attacker on the feed and in the firewall, looks, and takes him out when his time is over', async () => {
    const { actions, feed } = open();
    const [outcome] = await actions.request(lockDown('9.9.9.9', 60), stop);
    expect(outcome).toMatchObject({ kind: 'lock_down', target: 'attacker 9.9.9.9', status: 'verified' });
    expect(await feed.list(now)).toMatchObject([{ address: '9.9.9.9', until: '2026-11-22T13:00:00.000Z' }]);
    expect([...inFirewall]).toEqual(['9.9.9.9']);
    now = new Date('2026-11-22T13:00:01Z');
    expect(await feed.list(now)).toEqual([]);
    expect(await actions.expire(stop)).toBe(1);
    expect(inFirewall.size).toBe(0);
  });

  it.each([
    { address: '10.1.2.3', network: 'private' },
    { address: '127.0.0.1', network: 'loopback' },
    { address: 'fe80::1', network: 'link-local' },
    { address: '81.2.69.160', network: 'office' },
  ])('never blocks $address ($network)', async ({ address }) => {
    const { actions, feed } = open();
    expect(await actions.request(lockDown(address, 60), stop)).toMatchObject([{ status: 'refused' }]);
    expect((await feed.list(now)).map((blocked) => blocked.address)).not.toContain(address);
    expect(inFirewall.size).toBe(0);
  });

  it('leaves nothing behind where a firewall cannot be reached', async () => {
    isAway = true;
    const { actions, feed } = open();
    const [outcome] = await actions.request(lockDown('9.9.9.10', 60), stop);
    expect(['failed', 'undoing']).toContain(outcome?.status);
    expect((await feed.list(now)).map(({ address }) => address)).not.toContain('9.9.9.10');
  });

  it('keeps an address that another action blocked since', async () => {
    const { actions, feed } = open();
    const [first] = await actions.request(lockDown('9.9.9.11', 60), stop);
    await actions.request(lockDown('9.9.9.11', 120), stop);
    await actions.undo(first?.id ?? '', stop);
    expect((await feed.list(now)).map(({ address }) => address)).toContain('9.9.9.11');
  });

  function open() {
    const feed = createBlocklist(database.pool);
    const firewall: Firewall = {
      name: 'test',
      async block(address) {
        if (isAway) throw new Error('the host is away');
        inFirewall.add(address);
      },
      async unblock(address) {
        inFirewall.delete(address);
      },
      lists: async (address) => inFirewall.has(address),
    };
    const protectedNetwork = createNetworkNames([{ name: 'office', cidr: '81.2.69.0/24' }]);
    const actions = createActions({
      store: createActionStore(database),
      actions: [createLockDown({ feed, firewalls: [firewall], protectedNetwork, now: () => now })],
      clock: { now: () => now, sleep: async () => undefined },
      dryRun: false,
      approve: async () => ({ kind: 'granted', by: null }),
      ended: () => undefined,
    });
    return { actions, feed };
  }
});

function lockDown(sourceIp: string, minutes: number): ActionRequest {
  return {
    kind: 'lock_down',
    parameters: { minutes },
    lifetimeSeconds: null,
    cause: {
      causeId: randomUUID(),
      decisionId: null,
      requestedBy: 'test',
      reason: 'because',
      severity: 'HIGH',
      sensor: 'sensor-a',
      sessionId: 's1',
      sourceIp,
    },
  };
}
