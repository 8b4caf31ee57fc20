import type { Page } from '@cerberusmesh/contract/api';
import { Assessment } from '@cerberusmesh/contract/assessment';
import type { FeedbackQuery, FeedbackRecord } from '@cerberusmesh/contract/feedback';
import type { Severity } from '@cerberusmesh/contract/severity';
import type pg from 'pg';
import { isoTime } from '../iso-time.ts';
import { createCursor, cursorId, cursorTime, toPage } from '../read/cursor.ts';

const columns = `event_id, verdict, told, severity, note, event_type, left(command, 4096) as command, learnable, given_by,
  ${isoTime('given_at')} as given_at`;

/** Keeps the latest word on an event. In the transaction that puts the event right and writes the audit row. */
export async function storeFeedback(
  client: pg.PoolClient,
  given: Omit<FeedbackRecord, 'given_at' | 'severity'> & { readonly severity: Severity },
  toldAssessment: Assessment | undefined,
): Promise<FeedbackRecord> {
  const { rows } = await client.query<FeedbackRecord>(
    `insert into feedback as f (event_id, verdict, told, severity, note, event_type, command, learnable, given_by,
                                told_assessment)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (event_id) do update set verdict = excluded.verdict, severity = excluded.severity, note = excluded.note,
       given_by = excluded.given_by, given_at = now()
     returning ${columns}`,
    [
      given.event_id,
      given.verdict,
      given.told,
      given.severity,
      given.note,
      given.event_type,
      given.command,
      given.learnable,
      given.given_by,
      toldAssessment === undefined ? null : JSON.stringify(toldAssessment),
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('Feedback was not stored.');
  return row;
}

/** What the model had told before any feedback, where there was some already. */
export interface Told {
  readonly severity: FeedbackRecord['told'];
  /** Undefined where nothing was told, or it was not kept yet when the feedback was given. */
  readonly assessment: Assessment | undefined;
}

export async function findTold(client: pg.PoolClient, eventId: string): Promise<Told | undefined> {
  const { rows } = await client.query<{ told: FeedbackRecord['told']; assessment: unknown }>(
    'select told, told_assessment as assessment from feedback where event_id = $1 for update',
    [eventId],
  );
  const [row] = rows;
  return row && { severity: row.told, assessment: Assessment.safeParse(row.assessment).data };
}

/** Training learns nothing from it any more. In the transaction that puts the event back and writes the audit row. */
export async function removeFeedback(client: pg.PoolClient, eventId: string): Promise<void> {
  await client.query('delete from feedback where event_id = $1', [eventId]);
}

const cursor = createCursor('feedback', [cursorTime, cursorId]);

/** The latest word first. */
export async function listFeedback(pool: pg.Pool, query: FeedbackQuery): Promise<Page<FeedbackRecord>> {
  const [time, id] = query.cursor === undefined ? [null, null] : cursor.decode(query.cursor);
  const { rows } = await pool.query<FeedbackRecord>(
    `select ${columns} from feedback f
      where ($1::timestamptz is null or (f.given_at, f.event_id) < ($1, $2::uuid)) and ($4::uuid is null or f.event_id = $4)
      order by f.given_at desc, f.event_id desc limit $3`,
    [time, id, query.limit + 1, query.event_id ?? null],
  );
  return toPage(rows, query.limit, (last) => cursor.encode([last.given_at, last.event_id]));
}
