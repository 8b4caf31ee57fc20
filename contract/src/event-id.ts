/**
 * Event ids are laid out like UUIDv7: 48 bits of milliseconds, then 12 bits of microseconds within the millisecond,
 * then 62 bits of the line's hash. So ids sort by time, and a line read twice has one id.
 */
export function composeEventId(epochMs: number, microsecond: number, hashHex: string): string {
  const time = epochMs.toString(16).padStart(12, '0');
  const variant = (8 + (Number.parseInt(hashHex.charAt(0), 16) & 3)).toString(16);
  const fraction = microsecond.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${fraction}-${variant}${hashHex.slice(1, 4)}-${hashHex.slice(4, 16)}`;
}

/** The smallest id of an instant: a range of time is a range of ids, which is what events are partitioned by. */
export function eventIdFloor(epochMs: number): string {
  return composeEventId(Math.min(Math.max(0, Math.trunc(epochMs)), 2 ** 48 - 1), 0, '0'.repeat(16));
}

/** The instant that an event id begins with, in epoch milliseconds. */
export function eventIdEpochMs(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The microseconds within that millisecond. */
export function eventIdMicrosecond(id: string): number {
  return Number.parseInt(id.slice(15, 18), 16);
}
