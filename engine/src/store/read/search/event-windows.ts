import { smallestEventId } from '../event-columns.ts';
import type { Reader } from '../reader.ts';
import { createWhere, type Where } from '../statement.ts';

/** A stretch of events between two ids, `high` exclusive, with how many there are at most. */
export interface EventWindow {
  readonly low: string;
  readonly high: string;
}

export interface WindowBounds {
  /** Epoch milliseconds; null: from the first event on. */
  readonly fromMs: number | null;
  /** Only ids below it. */
  readonly before: string;
  readonly beforeMs: number;
}

const hourMs = 3_600_000;
/** Most searches are answered by the first few hours; rare things need many, which are then read in larger steps. */
const steps = [12, 120, 1200] as const;
/** So many events make a stretch: some ten milliseconds of looking, and less than a screen's worth of waiting. */
const eventsAtOnce = 8_000;

/** What the rollup says of the events that are looked for. */
export interface HourLook {
  /** What a row of it must fulfil; null: all do. */
  createCondition(where: Where): string | null;
  /** What holds of the rows whose events an index leads to; null: every event of an hour is looked at. */
  readonly indexed: string | null;
}

/**
 * Stretches for a walk backwards through all events but those of hours that the rollup rules out. An hour with a flood
 * in it is cut into parts of equal time.
 */
export async function* windowsOfHours(
  reader: Reader,
  { createCondition, indexed }: HourLook,
  { fromMs, before, beforeMs }: WindowBounds,
): AsyncGenerator<EventWindow> {
  const first = smallestEventId(fromMs ?? 0);
  let untilMs = beforeMs;
  let open: { low: number; high: number; events: number } | undefined;
  for (let step = 0; ; step++) {
    const limit = steps[Math.min(step, steps.length - 1)] ?? steps[0];
    const where = createWhere();
    if (fromMs !== null) where.add('hour > ?', new Date(fromMs - hourMs));
    where.add('hour < ?', new Date(untilMs));
    const condition = createCondition(where);
    // All that have to be looked at are counted, whether they are found or not.
    const counted = indexed === null ? 'sum(events)' : `coalesce(sum(events) filter (where ${indexed}), 0)`;
    const hours = await reader.rows<{ hour: Date; events: number }>(
      `select hour, ${counted}::float8 as events from rollup_hours ${where.text}
        group by hour ${condition === null ? '' : `having bool_or(${condition})`}
        order by hour desc limit ${where.parameter(limit)}`,
      where.values,
    );
    for (const { hour, events } of hours) {
      const [low, high] = [hour.getTime(), hour.getTime() + hourMs];
      // Hours far apart are not joined: between them would lie what the rollup has ruled out.
      if (open !== undefined && open.low === high && open.events + events <= eventsAtOnce) {
        open = { low, high: open.high, events: open.events + events };
        continue;
      }
      if (open !== undefined) yield* cut(open);
      open = { low, high, events };
    }
    const last = hours.at(-1);
    if (last === undefined || hours.length < limit) break;
    untilMs = last.hour.getTime();
  }
  if (open !== undefined) yield* cut(open);

  // Ids sort as they are said, so these are comparisons of time.
  function* cut(stretch: { low: number; high: number; events: number }): Generator<EventWindow> {
    const parts = Math.max(1, Math.ceil(stretch.events / eventsAtOnce));
    const step = Math.ceil((stretch.high - stretch.low) / parts);
    for (let highMs = stretch.high; highMs > stretch.low; highMs -= step) {
      const low = smallestEventId(Math.max(stretch.low, highMs - step));
      const high = smallestEventId(highMs);
      if (low < before && high > first) {
        yield { low: low > first ? low : first, high: high < before ? high : before };
      }
    }
  }
}

/** Stretches for a walk backwards through the events of a session, or else all of them; each holds equally many. */
export async function* windowsByCount(
  reader: Reader,
  sessionId: string | null,
  { fromMs, before }: WindowBounds,
): AsyncGenerator<EventWindow> {
  const first = smallestEventId(fromMs ?? 0);
  for (let high = before; high > first; ) {
    const where = createWhere();
    where.addIf('session_id = ?', sessionId);
    where.add('id < ?', high);
    where.add('id >= ?', first);
    const [edge] = await reader.rows<{ id: string }>(
      `select id from events ${where.text} order by id desc offset ${eventsAtOnce} limit 1`,
      where.values,
    );
    const low = edge?.id ?? first;
    yield { low, high };
    high = low;
  }
}
