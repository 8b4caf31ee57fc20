import { createHash } from 'node:crypto';
import type pg from 'pg';

/** Rows as the store's writer makes them, for tests that only read. Every builder names just what the test is about. */
export interface EventRow {
  readonly at?: Date;
  readonly sessionId?: string | null;
  readonly sensor?: string;
  readonly sourceIp?: string | null;
  readonly eventType?: string;
  readonly severity?: string;
  readonly command?: string | null;
  readonly username?: string | null;
  readonly isProbe?: boolean;
}

let serial = 0;

/** An id of the layout that `events` is partitioned by. */
function eventIdAt(at: Date, seed: string = String(serial++)): string {
  const hash = createHash('sha256').update(seed).digest('hex');
  const time = at.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

/**
 * The event, its share of the rollup, and that its address was in its session, as the writer stores them together. Answers
 * the new event's id.
 */
export async function addEvent(pool: pg.Pool, row: EventRow = {}): Promise<string> {
  const at = row.at ?? new Date('2026-11-22T11:00:00Z');
  const id = eventIdAt(at);
  await addVisit(pool, row, at);
  await pool.query(
    `insert into events (id, event_type, timestamp, sensor, session_id, protocol, source_ip, source_port, command,
                         username, severity, threat_score, anomaly_score, attack_type, confidence, techniques,
                         why, assessment, is_analyzed, is_probe, raw_event)
     values ($1, $2, $3, $4, $5, 'ssh', $6, 4242, $7, $8, $9, 0.5, 0.25, 'none', 0.75, '{T1059}',
             'because', '{"modelVersion":"1"}', true, $10, $11)`,
    [
      id,
      row.eventType ?? 'cowrie.command.input',
      at,
      row.sensor ?? 'sensor-a',
      row.sessionId === undefined ? 'a1b2c3d4e5f6' : row.sessionId,
      row.sourceIp === undefined ? '192.0.2.1' : row.sourceIp,
      row.command === undefined ? 'uname -a' : row.command,
      row.username ?? null,
      row.severity ?? 'LOW',
      row.isProbe ?? false,
      JSON.stringify({ eventid: row.eventType ?? 'cowrie.command.input', input: 'uname -a' }),
    ],
  );
  if (row.isProbe !== true) {
    await pool.query(
      `insert into rollup_hours as r (hour, sensor, event_type, severity, events)
       values (date_trunc('hour', $1::timestamptz), $2, $3, $4, 1)
       on conflict (hour, sensor, event_type, severity) do update set events = r.events + 1`,
      [at, row.sensor ?? 'sensor-a', row.eventType ?? 'cowrie.command.input', row.severity ?? 'LOW'],
    );
  }
  return id;
}

async function addVisit(pool: pg.Pool, row: EventRow, at: Date): Promise<void> {
  if (row.sourceIp === null || row.sessionId === null) return;
  await pool.query(
    `insert into session_addresses as s (source_ip, sensor, session_id, start_time, last_event_time)
     select $1::text, $2, $3, $4::timestamptz, $4
      where not exists (select from sessions where source_ip = $1 and sensor = $2 and session_id = $3)
     on conflict (source_ip, sensor, session_id) do update set
       start_time = least(s.start_time, excluded.start_time),
       last_event_time = greatest(s.last_event_time, excluded.last_event_time)`,
    [row.sourceIp ?? '192.0.2.1', row.sensor ?? 'sensor-a', row.sessionId ?? 'a1b2c3d4e5f6', at],
  );
}

/** Answers the new session's row id. */
export async function addSession(
  pool: pg.Pool,
  row: {
    sessionId?: string;
    sensor?: string;
    start?: Date;
    isActive?: boolean;
    sourceIp?: string;
    severity?: string;
  } = {},
): Promise<string> {
  const start = row.start ?? new Date('2026-11-22T10:59:00.123Z');
  const { rows } = await pool.query<{ id: string }>(
    `insert into sessions (id, session_id, sensor, source_ip, protocol, start_time, last_event_time, is_active, severity,
                           event_count, state, client_version)
     values (gen_random_uuid(), $1, $2, $3, 'ssh', $4, $4::timestamptz + interval '1 day', $5, $6, 3, '{}', 'SSH-2.0-Go') returning id`,
    [
      row.sessionId ?? 'a1b2c3d4e5f6',
      row.sensor ?? 'sensor-a',
      row.sourceIp ?? '192.0.2.1',
      start,
      row.isActive ?? true,
      row.severity ?? 'LOW',
    ],
  );
  return rows[0]?.id ?? '';
}

/** An attacker of one session. */
export async function addAttacker(
  pool: pg.Pool,
  row: { ip: string; threatScore?: number; events?: number; lastSeen?: Date },
): Promise<void> {
  await pool.query(
    `insert into attackers (ip_address, threat_score, total_events, total_sessions, first_seen, last_seen)
     values ($1, $2, $3, 1, $4, $4)`,
    [row.ip, row.threatScore ?? 0.5, row.events ?? 1, row.lastSeen ?? new Date('2026-11-22T11:00:00Z')],
  );
}

/** Adds to an hour's count of events. */
export async function addHour(
  pool: pg.Pool,
  row: { hour: Date; severity: string; events: number; sensor?: string; eventType?: string },
): Promise<void> {
  await pool.query(
    `insert into rollup_hours as r (hour, sensor, event_type, severity, events) values ($1, $2, $3, $4, $5)
     on conflict (hour, sensor, event_type, severity) do update set events = r.events + excluded.events`,
    [row.hour, row.sensor ?? 'sensor-a', row.eventType ?? 'cowrie.command.input', row.severity, row.events],
  );
}

/** Answers the new adaptation's id. */
export async function addAdaptation(
  pool: pg.Pool,
  row: { status?: string; success?: boolean | null; createdAt?: Date; sessionId?: string } = {},
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into adaptations (action_type, severity, sensor, session_id, source_ip, reason, status, success, created_at,
                              verification)
     values ('AWS_CREDENTIALS', 'HIGH', 'sensor-a', $1, '192.0.2.1', 'read /root/.aws', $2, $3, $4, '{"seen": true}')
     returning id`,
    [
      row.sessionId ?? 'a1b2c3d4e5f6',
      row.status ?? 'verified',
      row.success === undefined ? true : row.success,
      row.createdAt ?? new Date('2026-11-22T11:00:00Z'),
    ],
  );
  return rows[0]?.id ?? '';
}

/** Answers the new decision's id. */
export async function addDecision(
  pool: pg.Pool,
  row: { at?: Date; decision?: string; eventId?: string } = {},
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into decisions (id, decided_at, decision, rule, why, sensor, session_id, source_ip, event_id, severity,
                            threat_score, confidence, policy_version, model_version)
     values (gen_random_uuid(), $1, $2, 'high-severity', 'HIGH by a model', 'sensor-a', 'a1b2c3d4e5f6', '192.0.2.1',
             coalesce($3::uuid, gen_random_uuid()), 'HIGH', 0.9, 0.8, '1', '1') returning id`,
    [row.at ?? new Date('2026-11-22T11:00:00Z'), row.decision ?? 'insert_trap', row.eventId],
  );
  return rows[0]?.id ?? '';
}
