import type { Page } from '@cerberusmesh/contract/api';
import type { ChannelRecord, NoticeQuery, NoticeRecord } from '@cerberusmesh/contract/notice';
import { z } from 'zod';
import { createCursor, cursorId, cursorTime, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const cursor = createCursor('notices', [cursorTime, cursorId, z.string().max(20)]);

export type ChannelFigures = Omit<ChannelRecord, 'name' | 'target'>;

/** Reads of `notices`, newest first, and what became of each channel's. */
export function createNoticeReads(reader: Reader) {
  return {
    async listNotices(query: NoticeQuery): Promise<Page<NoticeRecord>> {
      const where = createWhere();
      where.addIf('status = ?', query.status);
      if (query.cursor !== undefined) {
        where.add('(created_at, id, channel) < (?::timestamptz, ?::uuid, ?)', ...cursor.decode(query.cursor));
      }
      const rows = await reader.rows<NoticeRecord>(
        `select id, channel, status, group_key as "group", severity, subject, repeats, attempts, last_error,
                ${isoColumn('created_at')}, ${isoColumn('sent_at')}
           from notices ${where.text}
          order by notices.created_at desc, id desc, channel desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => cursor.encode([last.created_at, last.id, last.channel]));
    },

    /** Of the last 30 days. */
    async readChannels(): Promise<ReadonlyMap<string, ChannelFigures>> {
      const rows = await reader.rows<ChannelFigures & { channel: string }>(
        `select channel, count(*) filter (where status = 'waiting')::int as waiting,
                count(*) filter (where status in ('sent', 'digested'))::int as sent,
                count(*) filter (where status = 'failed')::int as failed,
                ${isoColumn('max(sent_at)', 'last_sent_at')},
                (array_agg(last_error order by created_at desc) filter (where last_error is not null))[1] as last_error
           from notices where created_at > now() - interval '30 days' group by channel`,
      );
      return new Map(rows.map(({ channel, ...figures }) => [channel, figures]));
    },
  };
}
