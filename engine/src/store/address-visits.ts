/** SQL expressions; without them the whole of time. */
export interface VisitPeriod {
  readonly low: string;
  /** Exclusive. */
  readonly high?: string;
}

/**
 * A subselect of the sessions in which `address` may have caused events in the period, each once, for `isOfVisit`. Events
 * have no index by address; they are found by session, or, where they belong to none, by `events_sessionless_idx`.
 */
export function visitsOf(address: string, period?: VisitPeriod): string {
  return ['sessions', 'session_addresses']
    .flatMap((table) => conditionsOf(period).map((condition) => selectFrom(table, address, condition)))
    .join(' union all ');
}

/** True for events of the session `visit`; they may still be of another address. */
export const isOfVisit = `session_id = visit.session_id and sensor = visit.sensor
  and id >= event_id_floor(visit.start_time) and id < event_id_floor(visit.last_event_time + interval '1 millisecond')`;

function selectFrom(table: string, address: string, condition: string): string {
  return `select v.session_id, v.sensor, v.start_time, v.last_event_time from ${table} v where v.source_ip = ${address}${condition}`;
}

/** The long ones apart, since they alone may have begun at any time: each has a partial index of its own or is rare. */
function conditionsOf(period: VisitPeriod | undefined): string[] {
  if (period === undefined) return [''];
  const { low, high } = period;
  const ended = ` and v.last_event_time >= ${low}${high === undefined ? '' : ` and v.start_time < ${high}`}`;
  const bound = `${low} - interval '1 hour'`;
  return [`${ended} and v.start_time >= ${bound}`, `${ended} and v.start_time < ${bound} and v.is_long`];
}
