import type { PolicyGuards } from '@cerberusmesh/contract/policy';

const minuteMs = 60_000;
const dayMinutes = 1440;

/** When the quiet hours that hold at `now` are over; null outside of them. */
export function endOfQuietHours(quietHours: PolicyGuards['quietHours'], now: Date): Date | null {
  if (quietHours === null) return null;
  const at = minuteOfDay(wallClock(now, quietHours.timeZone));
  const from = minuteOfDay(quietHours.from);
  const to = minuteOfDay(quietHours.to);
  // 22:00 to 07:00 goes over midnight.
  const quiet = from <= to ? at >= from && at < to : at >= from || at < to;
  if (!quiet) return null;
  const leftMinutes = (to - at + dayMinutes) % dayMinutes;
  const endMs = (Math.floor(now.getTime() / minuteMs) + leftMinutes) * minuteMs;
  // In the night in which the clocks are changed, that many minutes end an hour beside `to`.
  const late = minuteOfDay(wallClock(new Date(endMs), quietHours.timeZone)) - to;
  return new Date(endMs - nearest(late) * minuteMs);
}

/** 23:30 is half an hour before 00:00, not 23 and a half after it. */
function nearest(minutes: number): number {
  if (minutes > dayMinutes / 2) return minutes - dayMinutes;
  return minutes < -dayMinutes / 2 ? minutes + dayMinutes : minutes;
}

function wallClock(now: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(now);
}

function minuteOfDay(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return (hour % 24) * 60 + minute;
}
