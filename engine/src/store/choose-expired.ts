import { monthOf, type Partition, startOfNext } from './partitions.ts';

const dayMs = 86_400_000;
/** So long an old month is left alone that came back: read back from its archive, or late lines of it. */
const restDays = 7;

/** Null sets no limit. */
export interface RetentionLimits {
  readonly days: number | null;
  readonly eventBytesMax: number | null;
  readonly freeBytesMin: number | null;
}

export interface RetentionState {
  /** Oldest first. */
  readonly partitions: readonly Partition[];
  /** When a month was last taken out or read back. */
  readonly touched: ReadonlyMap<string, Date>;
  /** Of the disk that the database lies on; null where that cannot be told. */
  readonly freeBytes: number | null;
}

export interface ExpiredMonth {
  readonly month: string;
  readonly reason: 'age' | 'size' | 'disk';
}

/**
 * Which months go: whole ones, oldest first, so an event lives up to a month longer than asked; never the month that
 * is now nor a later one. For the disk's sake one at a time, since what its removal gives back shows only afterwards.
 */
export function chooseExpired(
  { days, eventBytesMax, freeBytesMin }: RetentionLimits,
  { partitions, touched, freeBytes }: RetentionState,
  now: Date,
): ExpiredMonth[] {
  const past = partitions.filter(({ month }) => month < monthOf(now.getTime()));
  const chosen = new Map<string, ExpiredMonth['reason']>();
  for (const { month } of past) {
    const isOld = days !== null && startOfNext(month) <= now.getTime() - days * dayMs;
    if (isOld && !isResting(touched.get(month), now)) chosen.set(month, 'age');
  }
  let bytes = partitions.reduce((sum, partition) => sum + (chosen.has(partition.month) ? 0 : partition.bytes), 0);
  for (const { month, bytes: own } of past) {
    if (eventBytesMax === null || bytes <= eventBytesMax) break;
    if (chosen.has(month)) continue;
    chosen.set(month, 'size');
    bytes -= own;
  }
  const [oldest] = past;
  const isDiskLow = freeBytesMin !== null && freeBytes !== null && freeBytes < freeBytesMin;
  if (isDiskLow && chosen.size === 0 && oldest) chosen.set(oldest.month, 'disk');
  return past.flatMap(({ month }) => {
    const reason = chosen.get(month);
    return reason === undefined ? [] : [{ month, reason }];
  });
}

function isResting(touched: Date | undefined, now: Date): boolean {
  return touched !== undefined && now.getTime() - touched.getTime() < restDays * dayMs;
}
