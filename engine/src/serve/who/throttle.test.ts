import { expect, it } from 'vitest';
import { createTestClock } from '../support/test-clock.ts';
import { createThrottle } from './throttle.ts';

const ofAddress = { counter: { failuresMax: 3, windowMs: 60_000 }, key: 'address 192.0.2.1' };
const ofName = { counter: { failuresMax: 2, windowMs: 60_000 }, key: 'name ada' };

it('forgives so many failures at once, and another one as each is forgotten', () => {
  const { throttle, clock } = start();
  expect([1, 2, 3].map(() => throttle.take([ofAddress]))).toEqual([0, 0, 0]);
  expect(throttle.take([ofAddress])).toBe(20);
  clock.advance(19_000);
  expect(throttle.take([ofAddress])).toBe(1);
  clock.advance(1_000);
  expect(throttle.take([ofAddress])).toBe(0);
  expect(throttle.take([ofAddress])).toBe(20);
});

it('counts nothing that was no failure after all', () => {
  const { throttle } = start();
  for (let attempt = 0; attempt < 100; attempt++) {
    expect(throttle.take([ofAddress, ofName])).toBe(0);
    throttle.giveBack([ofAddress, ofName]);
  }
});

it('counts an attempt at none of its counters where one of them makes it wait', () => {
  const { throttle } = start();
  for (let attempt = 0; attempt < 2; attempt++) throttle.take([ofAddress, ofName]);
  expect(throttle.take([ofAddress, ofName])).toBe(30);
  expect(throttle.take([ofAddress])).toBe(0);
  expect(throttle.take([ofAddress])).toBe(20);
});

function start() {
  const clock = createTestClock(new Date('2026-11-22T12:00:00Z'));
  return { clock, throttle: createThrottle(clock) };
}
