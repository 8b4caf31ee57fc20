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
  const visit = 'v.session_id, v.sensor, v.start_time, v.last_event_time';
  const conditions = period === undefined ? [''] : conditionsOf(period);
  return [
    ...conditions.map((condition) => `select ${visit} from sessions v where v.source_ip = ${address}${condition}`),
    `select ${visit} from session_addresses v where v.source_ip = ${address}${period ? overlaps(period) : ''}`,
  ].join(' union all ');
}

/** True for events of the session `visit`; they may still be of another address. */
export const isOfVisit = `session_id = visit.session_id and sensor = visit.sensor
  and id >= event_id_floor(visit.start_time) and id < event_id_floor(visit.last_event_time + interval '1 millisecond')`;

/** The long ones apart, which alone may have begun at any time and have a partial index: most are found by when they began. */
function conditionsOf(period: VisitPeriod): string[] {
  const bound = `${period.low} - interval '1 hour'`;
  return [`v.start_time >= ${bound}`, `v.start_time < ${bound} and v.is_long`].map(
    (condition) => `${overlaps(period)} and ${condition}`,
  );
}

function overlaps({ low, high }: VisitPeriod): string {
  return ` and v.last_event_time >= ${low}${high === undefined ? '' : ` and v.start_time < ${high}`}`;
}
