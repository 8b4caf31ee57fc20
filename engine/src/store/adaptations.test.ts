import { createHash, randomUUID } from 'node:crypto';
import type { NewAction } from '@cerberusmesh/contract/action';
import type { AdaptationPlan } from '@cerberusmesh/contract/adaptation';
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
    const stored = await store.insert(await anAdaptation({ plan: aPlan({ old: { files }, new: { files }, lures }) }));
    expect(await store.find(stored.id)).toEqual(stored);
    expect(stored.plan).toEqual(aPlan({ old: { files }, new: { files } }));
    const { rows } = await database.pool.query('select * from lures where adaptation_id = $1', [stored.id]);
    expect(rows[0].secret_hash).toEqual(createHash('sha256').update('AKIA-not-stored').digest());
    expect(JSON.stringify(rows)).not.toContain('not-stored');
  });

  it('are one for a decision and kind: a second insert is refused and stores no lure', async () => {
    const lure = { kind: 'ssh_key' as const, path: '/a', secret: randomUUID(), shown: null };
    const adaptation = await anAdaptation({ plan: aPlan({ lures: [lure] }) });
    await store.insert(adaptation);
    const again = { ...adaptation, id: randomUUID(), plan: aPlan({ lures: [{ ...lure, secret: 'second' }] }) };
    await expect(store.insert(again)).rejects.toMatchObject({ code: '23505' });
    const hash = createHash('sha256').update('second').digest();
    expect((await database.pool.query('select 1 from lures where secret_hash = $1', [hash])).rows).toEqual([]);
  });

  it('keep what a change leaves out', async () => {
    const { id } = await store.insert(await anAdaptation({}));
    await store.change(id, { status: 'applied', appliedAt: new Date('2026-01-01') });
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
      await store.change(id, { status: index === 1 ? 'undone' : 'verified' });
      ids.push(id);
    }
    const expired = await store.listExpired(new Date('2020-01-02'));
    expect(expired.map((row) => row.id)).toEqual([ids[2], ids[0]]);
    expect(await store.listExpired(new Date('2019-12-31'))).toEqual([]);
  });

  it('are unfinished while planned, or applied and not looked at', async () => {
    const planned = await store.insert(await anAdaptation({}, 'unfinished'));
    const applied = await store.insert(await anAdaptation({}, 'unfinished'));
    const seen = await store.insert(await anAdaptation({}, 'unfinished'));
    const blind = await store.insert(await anAdaptation({}, 'unfinished'));
    const sighting = { verified: false, why: '', sights: [], at: '2026-01-01T00:00:00Z', tookMs: 1 };
    await store.change(applied.id, { status: 'applied' });
    await store.change(seen.id, { status: 'verified', verification: { ...sighting, looked: true } });
    await store.change(blind.id, { status: 'applied', verification: { ...sighting, looked: false } });
    const unfinished = await store.listOpen(['planned', 'applied'], new Date());
    const ids = unfinished.filter(({ cause }) => cause.sensor === 'unfinished').map(({ id }) => id);
    expect(ids).toEqual([planned.id, applied.id, blind.id]);
  });

  it('that are being taken back still have the state in which visitors find them, until they are', async () => {
    const { id } = await store.insert(await anAdaptation({}));
    await store.change(id, { status: 'verified' });
    await store.change(id, { status: 'undoing', endsAs: 'undone' });
    expect(await statusOf(id)).toBe('verified');
    expect(await store.find(id)).toMatchObject({ status: 'undoing', endsAs: 'undone' });
    expect((await store.listOpen(['undoing'], new Date())).map((row) => row.id)).toContain(id);
    const later = new Date(Date.now() + 60_000);
    await store.change(id, { undoError: 'The sensor is away.', retryAt: later });
    expect((await store.listOpen(['undoing'], new Date())).map((row) => row.id)).not.toContain(id);
    await store.change(id, { status: 'undone', endedAt: later });
    expect(await statusOf(id)).toBe('rolled_back');
    expect(await store.find(id)).toMatchObject({ status: 'undone', undoError: 'The sensor is away.' });
  });
});

describe('the lock of a place', () => {
  it('lets one at a time work at a place, and others at other places meanwhile', async () => {
    const order: string[] = [];
    let leave = (): void => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    let entered = (): void => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const first = store.withTarget('a', async () => {
      entered();
      await left;
      order.push('first');
    });
    await inside;
    const second = store.withTarget('a', async () => void order.push('second'));
    await store.withTarget('b', async () => void order.push('other'));
    leave();
    await Promise.all([first, second]);
    expect(order).toEqual(['other', 'first', 'second']);
  });

  it('is given back by work that fails', async () => {
    await expect(store.withTarget('c', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await store.withTarget('c', async () => 'free')).toBe('free');
  });
});

async function statusOf(id: string): Promise<string> {
  const { rows } = await database.pool.query('select status from adaptations where id = $1', [id]);
  return rows[0].status;
}

function aPlan(some: Partial<AdaptationPlan>): AdaptationPlan {
  return { old: { files: [] }, new: { files: [] }, details: {}, lures: [], ...some };
}

async function anAdaptation(some: Partial<NewAction>, sensor = 'test'): Promise<NewAction> {
  const decisionId = randomUUID();
  await database.pool.query(
    `insert into decisions (id, decided_at, decision, rule, why, sensor, session_id, event_id, severity, threat_score,
                            confidence, policy_version, model_version)
     values ($1, now(), 'insert_trap', 'test', 'test', 's', 's', $1, 'HIGH', 1, 1, '1', '1')`,
    [decisionId],
  );
  const cause = { causeId: decisionId, decisionId, requestedBy: 'engine', reason: 'test', severity: 'HIGH' as const };
  return {
    id: randomUUID(),
    kind: 'insert_trap',
    target: 'AWS_CREDENTIALS',
    cause: { ...cause, sensor, sessionId: null, sourceIp: null },
    parameters: { adaptations: ['AWS_CREDENTIALS'] },
    plan: aPlan({}),
    status: 'planned',
    error: null,
    expiresAt: null,
    ...some,
  };
}
