import type pg from 'pg';

export interface LatestEvent {
  readonly id: string;
  readonly eventType: string;
  readonly severity: string;
  readonly threatScore: number;
  readonly anomalyScore: number;
  readonly confidence: number;
  readonly typed: string | null;
  readonly length: number;
}

/** The latest assessed events, newest first, from their columns alone. */
export async function readLatestEvents(pool: Pick<pg.Pool, 'query'>, limit: number): Promise<LatestEvent[]> {
  const { rows } = await pool.query<LatestEvent>(
    `select id, event_type as "eventType", severity, coalesce(threat_score, 0) as "threatScore",
            coalesce(anomaly_score, 0) as "anomalyScore", coalesce(confidence, 0) as confidence,
            case when event_type like '%.command.input' then left(command, 8192) end as typed,
            coalesce(length(command), 0) as length
       from events where is_analyzed and not is_probe order by id desc limit $1`,
    [limit],
  );
  return rows;
}
