import { type Page, periodBounds } from '@cerberusmesh/contract/api';
import {
  type Campaign,
  type CampaignDetails,
  type CampaignMember,
  type CampaignQuery,
  exportedEvidence,
} from '@cerberusmesh/contract/api-campaigns';
import { createCursor, cursorId, cursorTime, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const listCursor = createCursor('campaigns', [cursorTime, cursorId]);
const memberCursor = createCursor('campaign-members', [cursorTime, cursorId]);

export const campaignColumns = `
  campaigns.id, campaigns.name, ${isoColumn('campaigns.first_seen')}, ${isoColumn('campaigns.last_seen')},
  campaigns.sessions::float8 as sessions, campaigns.addresses::float8 as addresses, campaigns.sensors, campaigns.severity,
  campaigns.threat_score, campaigns.techniques`;

export const kinColumns = `
  m.session_id as session, s.session_id, s.sensor, m.source_ip, ${isoColumn('m.start_time')}, s.severity`;

/** Reads of campaigns. */
export function createCampaignReads(reader: Reader) {
  return {
    /** Latest seen first; those that became a part of another are left out. */
    async listCampaigns(query: CampaignQuery): Promise<Page<Campaign>> {
      const where = createWhere();
      const { fromMs, toMs } = periodBounds(query);
      where.add('merged_into is null');
      if (query.cursor !== undefined) {
        where.add('(last_seen, id) < (?::timestamptz, ?::uuid)', ...listCursor.decode(query.cursor));
      }
      if (fromMs !== null) where.add('last_seen >= ?', new Date(fromMs));
      if (toMs !== null) where.add('first_seen < ?', new Date(toMs));
      if (query.min_sessions > 1) where.add('sessions >= ?', query.min_sessions);
      where.addIf('severity = ?', query.severity);
      where.addIf('sensors @> array[?::text]', query.sensor);
      where.addIf('id in (select campaign_id from campaign_addresses where ip_address = ?)', query.source_ip);
      const rows = await reader.rows<Campaign>(
        `select ${campaignColumns} from campaigns ${where.text}
          order by campaigns.last_seen desc, id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => listCursor.encode([last.last_seen, last.id]));
    },

    /** Of each campaign and kind what most of its sessions share, fifty values at most. */
    async listExportedEvidence(ids: readonly string[]): Promise<CampaignEvidence[]> {
      return await reader.rows<CampaignEvidence>(exportedText, [ids, exportedEvidence]);
    },

    /** By its id, or by the id of one that became a part of it. */
    async findCampaign(
      id: string,
      query: { readonly limit: number; readonly cursor?: string | undefined },
    ): Promise<CampaignDetails | undefined> {
      const [campaign] = await reader.rows<Campaign>(
        `select ${campaignColumns} from campaigns
          where id = (select coalesce(merged_into, id) from campaigns where id = $1)`,
        [id],
      );
      if (campaign === undefined) return undefined;
      const [joinedBy, evidence, shapes, addresses, merged, members] = await Promise.all([
        reader.rows<CampaignDetails['joined_by'][number]>(joinedByText, [campaign.id]),
        reader.rows<CampaignDetails['evidence'][number]>(evidenceText, [campaign.id]),
        reader.rows<CampaignDetails['shapes'][number]>(shapesText, [campaign.id]),
        reader.rows<CampaignDetails['top_addresses'][number]>(addressesText, [campaign.id]),
        reader.rows<CampaignDetails['merged'][number]>(mergedText, [campaign.id]),
        listMembers(campaign.id, query.limit, query.cursor),
      ]);
      return { ...campaign, joined_by: joinedBy, evidence, shapes, top_addresses: addresses, merged, members };
    },
  };

  async function listMembers(campaignId: string, limit: number, cursor: string | undefined) {
    const where = createWhere();
    where.add('m.campaign_id = ?', campaignId);
    if (cursor !== undefined) {
      where.add('(m.start_time, m.session_id) < (?::timestamptz, ?::uuid)', ...memberCursor.decode(cursor));
    }
    const rows = await reader.rows<CampaignMember>(
      `select ${kinColumns}, m.score, m.why
         from campaign_members m join sessions s on s.id = m.session_id ${where.text}
        order by m.start_time desc, m.session_id desc limit ${where.parameter(limit + 1)}`,
      where.values,
    );
    return toPage(rows, limit, (last) => memberCursor.encode([last.start_time, last.session]));
  }
}

interface CampaignEvidence {
  readonly campaign_id: string;
  readonly kind: string;
  readonly values: readonly string[];
}

const exportedText = `
select wanted.id as campaign_id, kinds.kind, array_agg(shared.value) as values
  from unnest($1::uuid[]) wanted (id) cross join unnest($2::text[]) kinds (kind)
 cross join lateral (select value from campaign_evidence e where e.campaign_id = wanted.id and e.kind = kinds.kind
                      order by sessions desc, evidence_id limit 50) shared
 group by wanted.id, kinds.kind`;
const joinedByText = `
select r.kind, count(distinct m.session_id)::float8 as sessions, mode() within group (order by r.value) as value,
       count(distinct r.value)::float8 as values
  from (select session_id, why from campaign_members where campaign_id = $1
         order by start_time desc, session_id desc limit 1000) m
 cross join lateral jsonb_to_recordset(m.why) as r (kind text, value text)
 group by r.kind order by 2 desc, 1`;
/** Counting those who share it stops at a hundred: more says no more. */
const evidenceText = `
select kind, value, sessions::float8 as sessions, cardinality(witnesses) as witnesses,
       (select count(*)::float8 - 1 from (select 1 from campaign_evidence o where o.evidence_id = e.evidence_id limit 101) sharing)
         as campaigns, ${isoColumn('e.first_seen')}, ${isoColumn('e.last_seen')}
  from (select * from campaign_evidence where campaign_id = $1 and kind not in ('address', 'client')
         order by sessions desc, evidence_id limit 50) e order by e.sessions desc, e.evidence_id`;
const shapesText = `
select s.id, left(s.shape, 2000) as shape, c.sessions::float8 as sessions
  from campaign_shapes c join shapes s on s.id = c.shape_id
 where c.campaign_id = $1 order by c.sessions desc, s.id limit 10`;
const addressesText = `
select c.ip_address, c.sessions::float8 as sessions, a.country, a.network, a.as_name
  from (select * from campaign_addresses where campaign_id = $1 order by sessions desc, ip_address limit 20) c
  left join attackers a on a.ip_address = c.ip_address order by c.sessions desc, c.ip_address`;
const mergedText = `
select id, name, ${isoColumn('merged_at')}, merged_why as why from campaigns where merged_into = $1
 order by campaigns.merged_at desc limit 50`;
