import { eventIdEpochMs, eventIdMicrosecond } from '@cerberusmesh/contract/event-id';
import { createMicrosecondReader } from '../kit/microsecond-reader.ts';

/** An instant with the microseconds that Cowrie writes and a JavaScript date cannot hold. */
export interface Instant {
  readonly epochMs: number;
  readonly microsecond: number;
  /** ISO 8601 with six digits of fraction, as PostgreSQL keeps it. */
  readonly text: string;
}

/** As Cowrie writes it, and as we keep it. */
const canonical = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;

const form = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/;

/** No honeypot wrote before this; earlier means that a clock was never set. */
const oldestEpochMs = Date.UTC(2000, 0, 1);
const newestEpochMs = Date.UTC(2200, 0, 1);

/**
 * Reads `2026-11-21T23:50:52.062702Z` and its kin.
 *
 * Cowrie whose host is not on UTC writes local time with a false `Z`. Its `epoch` (where switched on) is right, so
 * that wins; else `localToUtcMs`, made from the configured time zone, mends it.
 */
export function createTimestampReader(localToUtcMs?: (localMs: number) => number) {
  const readMicroseconds = createMicrosecondReader();
  return localToUtcMs === undefined ? readTimestamp : readAnyForm;

  function readTimestamp(text: string, epoch?: number): Instant | undefined {
    const microseconds = epoch === undefined ? readMicroseconds(text) : undefined;
    if (microseconds === undefined) return readAnyForm(text, epoch);
    const epochMs = Math.floor(microseconds / 1000);
    return isPlausible(epochMs) ? { epochMs, microsecond: microseconds - epochMs * 1000, text } : undefined;
  }

  function readAnyForm(text: string, epoch: number | undefined): Instant | undefined {
    const parts = form.exec(text);
    if (!parts) return undefined;
    const fraction = (parts[3] ?? '').padEnd(6, '0');
    const written = Date.parse(`${parts[1]}T${parts[2]}${parts[4] ?? 'Z'}`) + Number(fraction.slice(0, 3));
    const epochMs = trueTime(written, epoch);
    if (!isPlausible(epochMs)) return undefined;
    const microsecond = Number(fraction.slice(3, 6));
    const isCanonical = epochMs === written && canonical.test(text);
    return { epochMs, microsecond, text: isCanonical ? text : formatInstant(epochMs, microsecond) };
  }

  function trueTime(writtenMs: number, epoch: number | undefined): number {
    if (epoch !== undefined) return Math.abs(epoch - writtenMs) <= 1000 ? writtenMs : Math.trunc(epoch);
    return localToUtcMs ? localToUtcMs(writtenMs) : writtenMs;
  }
}

/** Not for NaN either. */
function isPlausible(epochMs: number): boolean {
  return epochMs >= oldestEpochMs && epochMs < newestEpochMs;
}

/** The instant that an event's id was made of. */
export function instantOfId(id: string): Instant {
  const [epochMs, microsecond] = [eventIdEpochMs(id), eventIdMicrosecond(id)];
  return { epochMs, microsecond, text: formatInstant(epochMs, microsecond) };
}

function formatInstant(epochMs: number, microsecond: number): string {
  return `${new Date(epochMs).toISOString().slice(0, -1)}${String(microsecond).padStart(3, '0')}Z`;
}

/**
 * For a wall clock reading of `timeZone`, taken as if it were UTC: the true UTC. The hour that a zone repeats in
 * autumn is read as its first pass. Undefined for UTC itself, where there is nothing to shift.
 * @throws RangeError for an unknown zone.
 */
export function createZoneShift(timeZone: string): ((localMs: number) => number) | undefined {
  // 120 ms at its first use in a process, and most are on UTC.
  if (timeZone === 'UTC') return undefined;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', hour: 'numeric' });
  const offsets = new Map<number, number>();
  const quarterMs = 900_000;

  function offsetMs(utcMs: number): number {
    const quarter = Math.floor(utcMs / quarterMs);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size > 1000) offsets.clear();
    const name = format.formatToParts(quarter * quarterMs).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
    const parts = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
    const offset = parts ? (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) * 60_000 : 0;
    offsets.set(quarter, offset);
    return offset;
  }
  return function localToUtcMs(localMs) {
    const guess = localMs - offsetMs(localMs);
    return localMs - offsetMs(guess);
  };
}
