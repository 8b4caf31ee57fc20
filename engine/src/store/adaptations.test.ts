import { createHash, randomUUID } from 'node:crypto';
import type { NewAdaptation } from '@cerberusmesh/contract/adaptation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createAdaptationStore } from './adaptations.ts';

let database: TestDatabase;
let store: ReturnType<typeof createAdaptationStore>;

beforeAll(async () => {
  database = await createTestDatabase();
  store = createAdaptationStore(database);
});

afterAll(() => database.drop());

describe('stored adaptations', () => {
  it('come back as they were, byte for byte, with only the hash of each secret in lures', async () => {
    const files = [{ path: '/root/x', sha256: 'ab', content: Buffer.from([0, 255, 10]).toString('base64') }];
    const lures = [{ kind: 'aws_access_key' as const, path: '/root/x', secret: 'AKIA-not-stored', shown: null }];
    const stored = await store.insert(await anAdaptation({ old: { files }, new: { files }, lures }));
    expect(await store.find(stored.id)).toEqual(stored);
    expect(stored.old).toEqual({ files });
    const { rows } = await database.pool.query('select * from lures where adaptation_id = $1', [stored.id]);
    expect(rows[0].secret_hash).toEqual(createHash('sha256').update('AKIA-not-stored').digest());
    expect(JSON.stringify(rows)).not.toContain('not-stored');
  });

  it('are one for a decision and kind: a second insert is refused and stores no lure', async () => {
    const adaptation = await anAdaptation({
      lures: [{ kind: 'ssh_key', path: '/a', secret: randomUUID(), shown: null }],
    });
    await store.insert(adaptation);
    const again = { ...adaptation, lures: [{ kind: 'ssh_key' as const, path: '/a', secret: 'second', shown: null }] };
    await expect(store.insert(again)).rejects.toMatchObject({ code: '23505' });
    const hash = createHash('sha256').update('second').digest();
    expect((await database.pool.query('select 1 from lures where secret_hash = $1', [hash])).rows).toEqual([]);
  });

  it('keep what a change leaves out', async () => {
    const { id } = await store.insert(await anAdaptation({}));
    await store.change(id, { status: 'applied', success: true, appliedAt: new Date('2026-01-01') });
    await store.change(id, { error: 'a sentence' });
    const { rows } = await database.pool.query(
      'select status, success, error, applied_at from adaptations where id = $1',
      [id],
    );
    expect(rows[0]).toEqual({
      status: 'applied',
      success: true,
      error: 'a sentence',
      applied_at: new Date('2026-01-01'),
    });
  });

  it('are listed as expired newest first, and not once they were taken back', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) {
      const { id } = await store.insert(await anAdaptation({ expiresAt: new Date('2020-01-01') }));
      await store.change(id, { status: index === 1 ? 'rolled_back' : 'verified' });
      ids.push(id);
    }
    const expired = await store.listExpired(new Date('2020-01-02'));
    expect(expired.map((row) => row.id)).toEqual([ids[2], ids[0]]);
    expect(await store.listExpired(new Date('2019-12-31'))).toEqual([]);
  });

  it('are unfinished while planned, or applied and not looked at', async () => {
    const planned = await store.insert(await anAdaptation({ sensor: 'unfinished' }));
    const applied = await store.insert(await anAdaptation({ sensor: 'unfinished' }));
    const seen = await store.insert(await anAdaptation({ sensor: 'unfinished' }));
    const blind = await store.insert(await anAdaptation({ sensor: 'unfinished' }));
    const sighting = { verified: false, why: '', sights: [], at: '2026-01-01T00:00:00Z', tookMs: 1 };
    await store.change(applied.id, { status: 'applied' });
    await store.change(seen.id, { status: 'verified', verification: { ...sighting, looked: true } });
    await store.change(blind.id, { status: 'applied', verification: { ...sighting, looked: false } });
    const unfinished = (await store.listUnfinished()).filter((row) => row.sensor === 'unfinished');
    expect(unfinished.map((row) => row.id)).toEqual([planned.id, applied.id, blind.id]);
  });
});

describe('the lock of a sensor', () => {
  it('lets one at a time work on a sensor, and others on other sensors meanwhile', async () => {
    const order: string[] = [];
    let leave = (): void => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    let entered = (): void => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const first = store.withSensor('a', async () => {
      entered();
      await left;
      order.push('first');
    });
    await inside;
    const second = store.withSensor('a', async () => void order.push('second'));
    await store.withSensor('b', async () => void order.push('other'));
    leave();
    await Promise.all([first, second]);
    expect(order).toEqual(['other', 'first', 'second']);
  });

  it('is given back by work that fails', async () => {
    await expect(store.withSensor('c', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await store.withSensor('c', async () => 'free')).toBe('free');
  });
});

async function anAdaptation(some: Partial<NewAdaptation>): Promise<NewAdaptation> {
  const decisionId = randomUUID();
  await database.pool.query(
    `insert into decisions (id, decided_at, decision, rule, why, sensor, session_id, event_id, severity, threat_score,
                            confidence, policy_version, model_version)
     values ($1, now(), 'insert_trap', 'test', 'test', 's', 's', $1, 'HIGH', 1, 1, '1', '1')`,
    [decisionId],
  );
  return {
    decisionId,
    actionType: 'AWS_CREDENTIALS',
    sensor: 'test',
    sessionId: null,
    sourceIp: null,
    severity: 'HIGH',
    reason: 'test',
    status: 'planned',
    old: null,
    new: null,
    details: {},
    error: null,
    expiresAt: null,
    lures: [],
    ...some,
  };
}
