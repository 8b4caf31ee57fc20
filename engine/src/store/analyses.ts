import { AnalystReading } from '@cerberusmesh/contract/analysis';
import type { Decision } from '@cerberusmesh/contract/decision';
import type pg from 'pg';
import type { Database } from './database.ts';
import { storeDecisions } from './decisions.ts';
import { storableJson } from './storable-json.ts';

/** What became of one session at the analyst's, about to be stored. */
export interface NewAnalysis {
  readonly sensor: string;
  readonly sessionId: string;
  readonly sourceIp: string | null;
  readonly status: 'read' | 'refused' | 'skipped';
  readonly fingerprint: Buffer;
  readonly reading: AnalystReading | null;
  readonly citations: readonly string[];
  readonly shownEvents: readonly string[];
  readonly why: string;
  readonly threatScoreBefore: number;
  readonly threatScoreAfter: number;
  readonly recommendation: 'followed' | 'not_allowed' | 'none';
  readonly reused: boolean;
  readonly provider: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly tookMs: number;
  readonly analysedAt: Date;
}

/** A reading older than this is asked for anew: models change behind their names. */
const readingAgeMaxDays = 30;

/** Stores an analysis with the decisions that follow from it, in one transaction. @returns its id. */
export async function storeAnalysis(
  database: Database,
  analysis: NewAnalysis,
  decisions: readonly Decision[],
): Promise<string> {
  return await database.transaction(async (client) => {
    await storeDecisions(client, decisions);
    const { rows } = await client.query<{ id: string }>(insertText, valuesOf(analysis));
    const [row] = rows;
    if (!row) throw new Error('an insert that returns its row returned none');
    return row.id;
  });
}

const insertText = `
insert into analyses (session_id, sensor, source_ip, status, fingerprint, reading, citations, shown_events, why,
                      threat_score_before, threat_score_after, recommendation, reused, provider, model, input_tokens,
                      output_tokens, took_ms, analysed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
on conflict (session_id, sensor) do update set
  status = excluded.status, fingerprint = excluded.fingerprint, reading = excluded.reading,
  citations = excluded.citations, shown_events = excluded.shown_events, why = excluded.why,
  threat_score_before = excluded.threat_score_before, threat_score_after = excluded.threat_score_after,
  recommendation = excluded.recommendation, reused = excluded.reused, provider = excluded.provider,
  model = excluded.model, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
  took_ms = excluded.took_ms, analysed_at = excluded.analysed_at
returning id`;

function valuesOf(analysis: NewAnalysis): unknown[] {
  const { reading, threatScoreBefore, threatScoreAfter } = analysis;
  return [
    analysis.sessionId,
    analysis.sensor,
    analysis.sourceIp,
    analysis.status,
    analysis.fingerprint,
    reading === null ? null : storableJson(reading),
    analysis.citations,
    analysis.shownEvents,
    analysis.why,
    threatScoreBefore,
    threatScoreAfter,
    analysis.recommendation,
    analysis.reused,
    analysis.provider,
    analysis.model,
    analysis.inputTokens,
    analysis.outputTokens,
    analysis.tookMs,
    analysis.analysedAt,
  ];
}

/** The latest own reading of a session with this content. */
export async function findReading(
  pool: pg.Pool,
  fingerprint: Buffer,
): Promise<{ reading: AnalystReading; shownEvents: string[] } | undefined> {
  const { rows } = await pool.query<{ reading: unknown; shown_events: string[] }>(
    `select reading, shown_events from analyses
      where fingerprint = $1 and status = 'read' and not reused
        and analysed_at > now() - make_interval(days => $2)
      order by analysed_at desc limit 1`,
    [fingerprint, readingAgeMaxDays],
  );
  const reading = AnalystReading.safeParse(rows[0]?.reading);
  return reading.success ? { reading: reading.data, shownEvents: rows[0]?.shown_events ?? [] } : undefined;
}

/** True where something of this kind was decided about the session. */
export async function wasDecided(
  pool: pg.Pool,
  session: { readonly sensor: string; readonly sessionId: string },
  kind: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'select 1 from decisions where session_id = $1 and sensor = $2 and decision = $3 limit 1',
    [session.sessionId, session.sensor, kind],
  );
  return rowCount === 1;
}
