import { type Page, periodBounds } from '@cerberusmesh/contract/api';
import type { Campaign, Novelty, NoveltyQuery, SessionKin } from '@cerberusmesh/contract/api-campaigns';
import { campaignColumns, kinColumns } from './campaigns.ts';
import { createCursor, cursorId, cursorTime, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const cursor = createCursor('novelty', [cursorTime, cursorId]);
const dayMs = 86_400_000;
const similarMax = 20;

/** Whether any sensor of ours has seen something before, and which sessions are alike. */
export function createNoveltyReads(reader: Reader) {
  return {
    /** Shapes by when they were first seen, newest first. */
    async listNovelty(query: NoveltyQuery, now: Date): Promise<Page<Novelty>> {
      const where = createWhere();
      const { fromMs, toMs } = periodBounds(query);
      where.add('kind = ?', query.kind);
      where.add('shapes.first_seen >= ?', new Date(fromMs ?? (toMs ?? now.getTime()) - dayMs));
      if (toMs !== null) where.add('shapes.first_seen < ?', new Date(toMs));
      if (query.one_sensor !== undefined) {
        where.add(query.one_sensor ? 'cardinality(sensors) = 1' : 'cardinality(sensors) > 1');
      }
      if (query.cursor !== undefined) {
        where.add('(shapes.first_seen, id) < (?::timestamptz, ?::uuid)', ...cursor.decode(query.cursor));
      }
      const rows = await reader.rows<Novelty>(
        `select id, kind, shape, ${isoColumn('first_seen')}, ${isoColumn('last_seen')}, sessions::float8 as sessions,
                sensors, first_session
           from shapes ${where.text}
          order by shapes.first_seen desc, id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => cursor.encode([last.first_seen, last.id]));
    },

    /** By the session's row id. Undefined where it has none of this (yet). */
    async findKin(sessionRowId: string): Promise<SessionKin> {
      const [member] = await reader.rows<{ campaign_id: string; shape_id: string | null } & Membership>(
        'select campaign_id, shape_id, score, why from campaign_members where session_id = $1',
        [sessionRowId],
      );
      if (member === undefined) return { campaign: null, score: null, why: [], shape: null, similar: [] };
      const [campaigns, shapes, similar] = await Promise.all([
        reader.rows<Campaign>(`select ${campaignColumns} from campaigns where id = $1`, [member.campaign_id]),
        reader.rows<NonNullable<SessionKin['shape']>>(
          `select id, left(shape, 2000) as shape, first_session = $2 as is_new, ${isoColumn('first_seen')},
                  sessions::float8 as sessions, sensors from shapes where id = $1`,
          [member.shape_id, sessionRowId],
        ),
        reader.rows<SessionKin['similar'][number]>(
          `select ${kinColumns} from campaign_members m join sessions s on s.id = m.session_id
            where m.shape_id = $1 and m.session_id <> $2 order by m.start_time desc limit ${similarMax}`,
          [member.shape_id, sessionRowId],
        ),
      ]);
      const { score, why } = member;
      return { campaign: campaigns[0] ?? null, score, why, shape: shapes[0] ?? null, similar };
    },
  };
}

interface Membership {
  readonly score: number;
  readonly why: SessionKin['why'];
}
