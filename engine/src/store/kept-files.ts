import { eventIdFloor } from '@cerberusmesh/contract/event-id';
import type pg from 'pg';
import { isOfVisit, visitsOf } from './address-visits.ts';

/** A stored event that tells of a file in the honeypot. */
export interface FileEvent {
  readonly id: string;
  readonly sensor: string;
  readonly sessionId: string;
  readonly sourceIp: string | null;
  readonly kind: 'recording' | 'payload';
  readonly name: string;
  /** Cowrie: this name was taken already, so what lies there may be another visitor's. */
  readonly duplicate: boolean;
}

export interface NewKeptFile extends Pick<FileEvent, 'sensor' | 'sessionId' | 'sourceIp' | 'kind' | 'name'> {
  readonly eventId: string | null;
  readonly path: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly note: string | null;
}

export interface OpenSession {
  readonly sensor: string;
  readonly sessionId: string;
  readonly sourceIp: string | null;
}

/** What was kept of watched visitors, and what there is to keep; all reads walk along the addresses that are watched. */
export function createKeptFileStore(pool: pg.Pool) {
  return {
    /** Not kept yet, oldest first. */
    async findFiles(addresses: readonly string[], since: Date): Promise<readonly FileEvent[]> {
      const { rows } = await pool.query<FileEvent>(
        `select e.id, e.sensor, e.session_id as "sessionId", e.source_ip as "sourceIp",
                case e.event_type when 'cowrie.log.closed' then 'recording' else 'payload' end as kind,
                regexp_replace(coalesce(case e.event_type when 'cowrie.log.closed' then e.raw_event->>'ttylog' end,
                                        e.raw_event->>'shasum', ''), '^.*/', '') as name,
                coalesce(e.raw_event->>'duplicate', '') = 'true' as duplicate
           from unnest($1::text[]) as watched (address)
          cross join lateral (${visitsOf('watched.address', { low: '$3::timestamptz' })}) visit
          cross join lateral (select * from events where source_ip = watched.address and ${isOfVisit}) e
          where e.id >= $2 and not e.is_probe
            and e.event_type in ('cowrie.log.closed', 'cowrie.session.file_download', 'cowrie.session.file_upload')
            and not exists (select 1 from kept_files k where k.event_id = e.id)
          order by e.id limit 200`,
        [addresses, eventIdFloor(since.getTime()), since],
      );
      return rows;
    },

    async findOpenSessions(addresses: readonly string[]): Promise<readonly OpenSession[]> {
      const { rows } = await pool.query<OpenSession>(
        `select sensor, session_id as "sessionId", source_ip as "sourceIp" from sessions
          where is_active and source_ip = any($1) limit 1000`,
        [addresses],
      );
      return rows;
    },

    /** The same file of the same session told twice is one row. */
    async add(file: NewKeptFile, at: Date): Promise<void> {
      const { sensor, sessionId, sourceIp, kind, name, eventId, path, bytes, sha256, note } = file;
      await pool.query(
        `insert into kept_files (sensor, session_id, source_ip, kind, name, event_id, path, bytes, sha256, note, kept_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (sensor, session_id, name) do update
           set event_id = coalesce(excluded.event_id, kept_files.event_id)`,
        [sensor, sessionId, sourceIp, kind, name, eventId, path, bytes, sha256, note, at],
      );
    },

    /** Recordings of a session that were held while they grew and that no event has told of yet. */
    async findHeld(
      sensor: string,
      sessionId: string,
    ): Promise<readonly { readonly name: string; readonly note: string | null }[]> {
      const { rows } = await pool.query<{ name: string; note: string | null }>(
        `select name, note from kept_files
          where sensor = $1 and session_id = $2 and kind = 'recording' and event_id is null order by kept_at, name`,
        [sensor, sessionId],
      );
      return rows;
    },

    async settle(sensor: string, sessionId: string, name: string, eventId: string, kept: KeptBytes): Promise<void> {
      await pool.query(
        `update kept_files set event_id = $4, bytes = $5, sha256 = $6 where sensor = $1 and session_id = $2 and name = $3`,
        [sensor, sessionId, name, eventId, kept.bytes, kept.sha256],
      );
    },

    async sumBytes(): Promise<number> {
      const { rows } = await pool.query<{ bytes: number }>(
        'select coalesce(sum(bytes), 0)::float8 as bytes from kept_files',
      );
      return rows[0]?.bytes ?? 0;
    },
  };
}

interface KeptBytes {
  readonly bytes: number;
  readonly sha256: string;
}

/** A campaign under its present id, with the addresses that were seen last. */
export async function findCampaignAddresses(
  pool: pg.Pool,
  id: string,
  max: number,
): Promise<{ readonly id: string; readonly addresses: readonly string[] } | undefined> {
  const { rows } = await pool.query<{ id: string; addresses: string[] }>(
    `with recursive now as (
       select id, merged_into from campaigns where id = $1
       union all
       select c.id, c.merged_into from campaigns c join now on c.id = now.merged_into)
     select id, array(select ip_address from campaign_addresses a where a.campaign_id = now.id
                       order by last_seen desc limit $2) as addresses
       from now where merged_into is null`,
    [id, max],
  );
  return rows[0];
}
