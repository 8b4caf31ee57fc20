import type { Page } from '@cerberusmesh/contract/api';
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
): Promise<FeedbackRecord> {
  const { rows } = await client.query<FeedbackRecord>(
    `insert into feedback as f (event_id, verdict, told, severity, note, event_type, command, learnable, given_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
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
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('Feedback was not stored.');
  return row;
}

/** What the model had told before any feedback, where there was some already. */
export async function findTold(client: pg.PoolClient, eventId: string): Promise<FeedbackRecord['told'] | undefined> {
  const { rows } = await client.query<{ told: FeedbackRecord['told'] }>(
    'select told from feedback where event_id = $1 for update',
    [eventId],
  );
  return rows[0]?.told;
}

const cursor = createCursor('feedback', [cursorTime, cursorId]);

/** The latest word first. */
export async function listFeedback(pool: pg.Pool, query: FeedbackQuery): Promise<Page<FeedbackRecord>> {
  const [time, id] = query.cursor === undefined ? [null, null] : cursor.decode(query.cursor);
  const { rows } = await pool.query<FeedbackRecord>(
    `select ${columns} from feedback f
      where $1::timestamptz is null or (f.given_at, f.event_id) < ($1, $2::uuid)
      order by f.given_at desc, f.event_id desc limit $3`,
    [time, id, query.limit + 1],
  );
  return toPage(rows, query.limit, (last) => cursor.encode([last.given_at, last.event_id]));
}
