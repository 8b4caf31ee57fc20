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
  return new Date(Math.floor(now.getTime() / minuteMs) * minuteMs + leftMinutes * minuteMs);
}

function wallClock(now: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(now);
}

function minuteOfDay(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return (hour % 24) * 60 + minute;
}
