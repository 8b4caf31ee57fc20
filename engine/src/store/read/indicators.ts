import type { ThreatLevel } from '@cerberusmesh/contract/severity';
import type { Reader } from './reader.ts';
import { isoColumn } from './statement.ts';

interface SeenRow {
  readonly value: string;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly sessions: number;
}

export interface AddressRow extends SeenRow {
  readonly threat_level: ThreatLevel;
  readonly country: string | null;
  readonly asn: number | null;
  readonly as_name: string | null;
}

export interface BroughtRow extends SeenRow {
  readonly kind: 'url' | 'sha256';
  /** The first addresses that showed it, three of each campaign. */
  readonly witnesses: readonly string[];
}

/** What could be told to others, newest first; whom it may name is the caller's to say. Research scanners are not in it. */
export function createIndicatorReads(reader: Reader) {
  return {
    async listAddresses(since: Date, levels: readonly ThreatLevel[], limit: number): Promise<AddressRow[]> {
      return await reader.rows<AddressRow>(
        `select ip_address as value, threat_level, ${isoColumn('first_seen')}, ${isoColumn('last_seen')},
                total_sessions::float8 as sessions, country, asn::float8 as asn, as_name
           from attackers
          where attackers.last_seen >= $1 and threat_level = any($2) and network is null and scanner is null
          order by attackers.last_seen desc, id limit $3`,
        [since, levels, limit],
      );
    },

    /** Of what campaigns show; a value that was cut is no URL any more. */
    async listBrought(since: Date, limit: number): Promise<BroughtRow[]> {
      return await reader.rows<BroughtRow>(
        `select case kind when 'payload' then 'sha256' else kind end as kind, value,
                ${isoColumn('first_seen')}, ${isoColumn('last_seen')}, sessions::float8 as sessions, witnesses
           from (select kind, evidence_id, min(value) as value, min(first_seen) as first_seen, max(last_seen) as last_seen,
                        sum(sessions) as sessions,
                        (select array_agg(distinct address) from campaign_evidence other, unnest(other.witnesses) address
                          where other.evidence_id = e.evidence_id) as witnesses
                   from campaign_evidence e
                  where e.last_seen >= $1 and (e.kind = 'url' and right(e.value, 1) <> '…'
                     or e.kind = 'payload' and e.value ~ '^[0-9a-f]{64}$')
                  group by kind, evidence_id
                  order by max(e.last_seen) desc, evidence_id limit $2) brought
          order by brought.last_seen desc, value`,
        [since, limit],
      );
    },
  };
}
