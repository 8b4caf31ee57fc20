import { expect, it } from 'vitest';
import { endOfQuietHours } from './quiet-hours.ts';

const night = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };

it.each([
  { night: 'an ordinary night', now: '2026-11-22T21:30:40Z', end: '2026-11-23T06:00:00.000Z' },
  { night: 'the night in which an hour is left out', now: '2026-03-28T21:00:00Z', end: '2026-03-29T05:00:00.000Z' },
  {
    night: 'the night in which an hour is counted twice',
    now: '2026-10-24T20:00:00Z',
    end: '2026-10-25T06:00:00.000Z',
  },
])('quiet hours end at seven by the wall, in $night', ({ now, end }) => {
  expect(endOfQuietHours(night, new Date(now))?.toISOString()).toBe(end);
});

it('quiet hours that end at midnight do so in such a night too, to either side of it', () => {
  const santiago = { from: '20:00', to: '00:00', timeZone: 'America/Santiago' };
  // There the clocks go from 24:00 back to 23:00: this is the first of the two hours before midnight.
  expect(endOfQuietHours(santiago, new Date('2026-04-05T02:30:00Z'))?.toISOString()).toBe('2026-04-05T04:00:00.000Z');
  expect(endOfQuietHours(santiago, new Date('2026-04-04T02:30:00Z'))?.toISOString()).toBe('2026-04-04T03:00:00.000Z');
});
