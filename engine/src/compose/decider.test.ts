import { randomBytes } from 'node:crypto';
import { defaultSettings } from '@cerberusmesh/contract/settings';
import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../decide/read-policy.ts';
import { aChange } from '../decide/support/changes.ts';
import { now } from '../decide/support/situations.ts';
import { createControlGroup } from './control-group.ts';
import { createDecider } from './decider.ts';

const policy = checkPolicy(
  {
    version: '1',
    rules: [
      { id: 'trap', why: 'T.', when: { severityAtLeast: 'HIGH' }, decision: 'insert_trap', adaptations: ['SSH_KEYS'] },
      { id: 'watch', why: 'W.', when: { severityAtLeast: 'MEDIUM' }, decision: 'monitor' },
    ],
  },
  'test',
);

describe('the decider', () => {
  it('says once per session and reason that nothing is done, however often the session is looked at', () => {
    const decider = aDecider();
    const medium = aChange({ session: { severity: 'MEDIUM', threatScore: 0.5 } });
    expect([stored(decider, [medium]), stored(decider, [medium]), stored(decider, [medium])]).toEqual([
      ['watch'],
      [],
      [],
    ]);
    const graver = aChange({ session: { severity: 'MEDIUM', threatScore: 0.65 } });
    expect(stored(decider, [graver])).toEqual(['watch']);
  });

  it('does not say of a session that was acted on that its own cooldown holds now', () => {
    const decider = aDecider();
    expect(stored(decider, [aChange()])).toEqual(['trap']);
    expect(stored(decider, [aChange()])).toEqual([]);
    const [other] = decider.decide([aChange({ sessionId: 's2' })]);
    expect(other).toMatchObject({ guard: 'cooldown', verdict: 'nothing' });
  });

  it('counts what it decides within a batch, and forgets it where the batch was not stored', () => {
    const decider = aDecider();
    const batch = [aChange({ sessionId: 'a' }), aChange({ sessionId: 'b' })];
    expect(decider.decide(batch).map(({ verdict }) => verdict)).toEqual(['act', 'nothing']);
    expect(decider.decide(batch.toReversed()).map(({ verdict, sessionId }) => `${sessionId} ${verdict}`)).toEqual([
      'b act',
      'a nothing',
    ]);
  });

  it('gives the same decision the same id in another process', () => {
    expect(aDecider().decide([aChange()])[0]?.id).toBe(aDecider().decide([aChange()])[0]?.id);
  });

  it('knows after a restart what rests', () => {
    const done = [{ id: 'd', kind: 'insert_trap' as const, target: 'sensor:sensor-a', atMs: now.getTime() - 1000 }];
    expect(aDecider({ done }).decide([aChange()])[0]?.guard).toBe('cooldown');
  });

  it('uses another policy from the next batch on', () => {
    const decider = aDecider();
    decider.usePolicy(
      checkPolicy({ version: '2', rules: [{ id: 'tell', why: 'T.', when: {}, decision: 'escalate' }] }, 't'),
    );
    expect(stored(decider, [aChange()])).toEqual(['tell']);
  });
});

describe('the control group', () => {
  it('is always the same share of addresses, and another under another key', () => {
    const key = randomBytes(32);
    const addresses = Array.from({ length: 10_000 }, (_, n) => `198.51.${n >> 8}.${n & 255}`);
    const inGroup = (of: Uint8Array) => addresses.filter(createControlGroup(of, 0.1));
    expect(inGroup(key)).toEqual(inGroup(key));
    expect(inGroup(key).length).toBeGreaterThan(850);
    expect(inGroup(key).length).toBeLessThan(1150);
    expect(inGroup(randomBytes(32))).not.toEqual(inGroup(key));
  });

  it('is empty without a share, and never holds what has no address', () => {
    expect(createControlGroup(randomBytes(32), 0)('192.0.2.1')).toBe(false);
    expect(createControlGroup(randomBytes(32), 1)(null)).toBe(false);
  });

  it('never holds who tries the product over loopback, unless everybody is in it', () => {
    const own = ['::1', ...Array.from({ length: 100 }, (_, n) => `127.0.0.${n}`)];
    expect(own.filter(createControlGroup(randomBytes(32), 0.99))).toEqual([]);
    expect(own.filter(createControlGroup(randomBytes(32), 1))).toEqual(own);
  });
});

function aDecider(changes: Partial<Parameters<typeof createDecider>[0]> = {}) {
  return createDecider({
    policy,
    settings: () => defaultSettings,
    done: [],
    isControl: () => false,
    recordedSensor: 'recorded-demo',
    clock: { now: () => now },
    ...changes,
  });
}

/** The rules of what is new, once it is durable. */
function stored(decider: ReturnType<typeof createDecider>, batch: Parameters<typeof decider.decide>[0]): string[] {
  const decisions = decider.decide(batch);
  decider.made(decisions);
  return decisions.map(({ rule }) => rule);
}
