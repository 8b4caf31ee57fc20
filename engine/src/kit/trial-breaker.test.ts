import { expect, it } from 'vitest';
import { createTrialBreaker } from './trial-breaker.ts';

it('rests for its time and not until it is that late again, where the clock was put back meanwhile', () => {
  let nowMs = Date.UTC(2026, 10, 22, 13);
  const breaker = createTrialBreaker({ clock: { now: () => new Date(nowMs) }, failuresMax: 1 });
  breaker.failed();
  expect(breaker.waitMs()).toBe(30_000);
  nowMs -= 3_600_000;
  expect(breaker.waitMs()).toBe(30_000);
  nowMs += 30_000;
  expect(breaker.waitMs()).toBe(0);
});
