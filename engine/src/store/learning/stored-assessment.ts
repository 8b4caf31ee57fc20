import { Assessment } from '@cerberusmesh/contract/assessment';
import type pg from 'pg';

/** What is stored of an event's assessment; undefined where it has none. */
export async function findStoredAssessment(client: pg.PoolClient, id: string): Promise<Assessment | undefined> {
  const { rows } = await client.query(
    `select severity, coalesce(threat_score, 0) as "threatScore", coalesce(anomaly_score, 0) as "anomalyScore",
            coalesce(attack_type, 'none') as "attackType", coalesce(confidence, 0) as confidence, coalesce(why, '') as why,
            coalesce(assessment->'techniques', '[]') as techniques, coalesce((assessment->>'partial')::boolean, false) as partial,
            coalesce(assessment->>'modelVersion', '') as "modelVersion"
       from events where id = $1 and is_analyzed for update`,
    [id],
  );
  const parsed = Assessment.safeParse(rows[0]);
  return parsed.success ? parsed.data : undefined;
}
