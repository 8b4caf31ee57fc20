import type { Reader } from './reader.ts';
import { createWhere } from './statement.ts';

/** What the hourly rollup can tell apart. */
export interface HourFilter {
  readonly eventType: string | undefined;
  readonly sensor: string | undefined;
  readonly severities: readonly string[] | undefined;
  readonly fromMs: number | null;
  /** Exclusive; null: no bound. */
  readonly beforeMs: number | null;
}

const hourMs = 3_600_000;
/** Most questions are answered by the first few hours; rare types need many, which are then read in larger steps. */
const steps = [4, 40, 400] as const;

/**
 * The hours that hold matching events, newest first, in groups that promise `wanted` events or are `steps` long. The
 * counts only say how much to look at together: a caller that still has too little takes the next group, so a rollup
 * that outlives its events costs time and no row. Probes are in no rollup.
 */
export async function* matchingHours(
  reader: Reader,
  filter: HourFilter,
  wanted: number,
): AsyncGenerator<readonly Date[]> {
  let before = filter.beforeMs;
  let group: Date[] = [];
  let promised = 0;
  for (let step = 0; ; step++) {
    const limit = steps[Math.min(step, steps.length - 1)] ?? steps[0];
    const rows = await readHours(reader, { ...filter, beforeMs: before }, limit);
    for (const { hour, events } of rows) {
      group.push(hour);
      // Of the hour that the bound lies in, nobody knows how many are before it.
      promised += before !== null && hour.getTime() + hourMs > before ? 0 : events;
      if (promised < wanted) continue;
      yield group;
      group = [];
      promised = 0;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) break;
    before = last.hour.getTime();
  }
  if (group.length > 0) yield group;
}

/** The end of an hour that starts then. */
export function endOfHour(hour: Date): Date {
  return new Date(hour.getTime() + hourMs);
}

async function readHours(reader: Reader, filter: HourFilter, limit: number) {
  const where = createWhere();
  where.addIf('event_type = ?', filter.eventType);
  where.addIf('sensor = ?', filter.sensor);
  if (filter.severities !== undefined) where.add('severity = any(?)', filter.severities);
  if (filter.fromMs !== null) where.add('hour > ?', new Date(filter.fromMs - hourMs));
  if (filter.beforeMs !== null) where.add('hour < ?', new Date(filter.beforeMs));
  return await reader.rows<{ hour: Date; events: number }>(
    `select hour, sum(events)::float8 as events from rollup_hours ${where.text}
      group by hour order by hour desc limit ${where.parameter(limit)}`,
    where.values,
  );
}
