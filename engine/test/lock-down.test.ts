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
  let inFirewall: Map<string, number>;
  let isAway: boolean;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => {
    now = new Date('2026-11-22T12:00:00Z');
    inFirewall = new Map();
    isAway = false;
  });

  it('puts the attacker on the feed and in the firewall, looks, and takes him out when his time is over', async () => {
    const { actions, feed } = open();
    const [outcome] = await actions.request(lockDown('9.9.9.9', 60), stop);
    expect(outcome).toMatchObject({ kind: 'lock_down', target: 'attacker 9.9.9.9', status: 'verified' });
    expect(await feed.list(now)).toMatchObject([{ address: '9.9.9.9', until: '2026-11-22T13:00:00.000Z' }]);
    expect([...inFirewall]).toEqual([['9.9.9.9', 3600]]);
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

  it('keeps an address that another action blocked since, in the firewall too, until that one is over', async () => {
    const { actions, feed } = open();
    await actions.request(lockDown('9.9.9.11', 60), stop);
    now = new Date('2026-11-22T12:50:00Z');
    await actions.request(lockDown('9.9.9.11', 60), stop);
    now = new Date('2026-11-22T13:00:01Z');
    expect(await actions.expire(stop)).toBe(1);
    expect(await untilOf(feed, '9.9.9.11')).toBe('2026-11-22T13:50:00.000Z');
    expect(inFirewall.get('9.9.9.11')).toBe(50 * 60 - 1);
    now = new Date('2026-11-22T13:50:01Z');
    expect(await actions.expire(stop)).toBe(1);
    expect(inFirewall.size).toBe(0);
  });

  it('is not shortened by a shorter one that comes later, nor ended by its end', async () => {
    const { actions, feed } = open();
    await actions.request(lockDown('9.9.9.12', 120), stop);
    const [shorter] = await actions.request(lockDown('9.9.9.12', 60), stop);
    expect(inFirewall.get('9.9.9.12')).toBe(120 * 60);
    expect(await actions.undo(shorter?.id ?? '', stop)).toEqual({ kind: 'undone' });
    expect(await untilOf(feed, '9.9.9.12')).toBe('2026-11-22T14:00:00.000Z');
    expect(inFirewall.get('9.9.9.12')).toBe(120 * 60);
  });

  it('blocks an IPv4 address by its own name, however the sensor writes it', async () => {
    const { actions } = open();
    await actions.request(lockDown('::ffff:9.9.9.13', 60), stop);
    expect([...inFirewall.keys()]).toEqual(['9.9.9.13']);
  });

  async function untilOf(feed: ReturnType<typeof open>['feed'], wanted: string): Promise<string | undefined> {
    return (await feed.list(now)).find(({ address }) => address === wanted)?.until;
  }

  function open() {
    const feed = createBlocklist(database.pool);
    const firewall: Firewall = {
      name: 'test',
      async block(address, seconds) {
        if (isAway) throw new Error('the host is away');
        inFirewall.set(address, seconds);
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
