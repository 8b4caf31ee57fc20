/**
 * Event ids are laid out like UUIDv7: 48 bits of milliseconds, then 12 bits of microseconds within the millisecond,
 * then 62 bits of the line's hash. So ids sort by time, and a line read twice has one id.
 */
export function composeEventId(epochMs: number, microsecond: number, hashHex: string): string {
  const [high, low] = [Math.floor(epochMs / 65_536), epochMs % 65_536];
  const variant = '89ab'.charAt(Number.parseInt(hashHex.charAt(0), 16) & 3);
  const time = `${hexOfHigh(high)}-${hexDigits(low, 4)}-7${hexDigits(microsecond, 3)}`;
  return `${time}-${variant}${hashHex.slice(1, 4)}-${hashHex.slice(4, 16)}`;
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

// Events come in order of time, so that the upper digits stay the same for a minute.
let [knownHigh, knownHex] = [-1, ''];

function hexOfHigh(high: number): string {
  if (high !== knownHigh) [knownHigh, knownHex] = [high, hexDigits(high, 8)];
  return knownHex;
}

function hexDigits(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
