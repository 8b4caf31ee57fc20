import { expect, it } from 'vitest';
import { chooseExpired, type RetentionLimits, type RetentionState } from './choose-expired.ts';

const now = new Date('2026-11-22T00:00:00Z');
const off: RetentionLimits = { days: null, eventBytesMax: null, freeBytesMin: null };
const partitions = ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12'].map((month) => ({ month, bytes: 100 }));

it.each<{ why: string; limits: Partial<RetentionLimits>; state?: Partial<RetentionState>; goes: string[] }>([
  { why: 'nothing is set', limits: {}, goes: [] },
  { why: 'all that a month can hold is too old', limits: { days: 52 }, goes: ['2026-08 age', '2026-09 age'] },
  { why: 'a month may still hold a younger event', limits: { days: 53 }, goes: ['2026-08 age'] },
  { why: 'there is more than may be', limits: { eventBytesMax: 350 }, goes: ['2026-08 size', '2026-09 size'] },
  {
    why: 'the present month alone is too large',
    limits: { eventBytesMax: 1 },
    goes: ['2026-08 size', '2026-09 size', '2026-10 size'],
  },
  { why: 'age takes enough for the size', limits: { days: 60, eventBytesMax: 400 }, goes: ['2026-08 age'] },
  {
    why: 'the disk is low: one, and then look again',
    limits: { freeBytesMin: 10 },
    state: { freeBytes: 9 },
    goes: ['2026-08 disk'],
  },
  { why: 'the disk has room', limits: { freeBytesMin: 10 }, state: { freeBytes: 10 }, goes: [] },
  { why: 'nobody knows how full the disk is', limits: { freeBytesMin: 10 }, goes: [] },
  {
    why: 'a month that was read back two days ago rests',
    limits: { days: 50 },
    state: { touched: new Map([['2026-08', new Date('2026-11-20T00:00:00Z')]]) },
    goes: ['2026-09 age'],
  },
])('takes out $goes where $why', ({ limits, state, goes }) => {
  const chosen = chooseExpired(
    { ...off, ...limits },
    { partitions, touched: new Map(), freeBytes: null, ...state },
    now,
  );
  expect(chosen.map(({ month, reason }) => `${month} ${reason}`)).toEqual(goes);
});
