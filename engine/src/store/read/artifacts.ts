import type { ArtifactRecord } from '@cerberusmesh/contract/api-artifacts';
import { eventIdFloor } from '@cerberusmesh/contract/event-id';
import type { Reader } from './reader.ts';
import { isRowId } from './sessions.ts';
import { createWhere, isoColumn } from './statement.ts';

/** A recording of one channel of a session. */
export interface RecordingRow {
  readonly sha256: string;
  readonly form: 'ttylog' | 'asciicast';
  readonly is_repeat: boolean;
}

export interface SessionRecordings {
  readonly session_id: string;
  readonly start_time: string;
  /** In the order in which the channels were closed; the contents are asked for one by one. */
  readonly recordings: readonly RecordingRow[];
  /** What the visitor's terminal said of itself, as the honeypot wrote it. */
  readonly screen: { readonly width: unknown; readonly height: unknown } | null;
}

/** A session has rarely more than a handful; a scanner with thousands of channels must not make a long list. */
const perSessionMax = 200;

/** What sessions recorded and brought. */
export function createArtifactReads(reader: Reader) {
  return {
    /** Undefined where there is no such session. Oldest first. */
    async listArtifacts(id: string, sensor: string | undefined): Promise<ArtifactRecord[] | undefined> {
      const session = await findSessionOf(id, sensor);
      if (session === undefined) return undefined;
      return await reader.rows<ArtifactRecord>(
        `select s.artifact_sha256 as sha256, s.named_sha256, s.kind, a.size_bytes::float8 as size_bytes,
                coalesce(s.origin, s.path) as name,
                case when s.state = 'kept' and a.sealed_bytes = 0 then 'dropped' else s.state end as state, s.why,
                s.event_id, ${isoColumn('s.seen_at')},
                ${isoColumn('coalesce(a.first_seen, s.seen_at)', 'first_seen')}, coalesce(a.sessions, 1)::float8 as sessions,
                s.is_repeat,
                array(select jsonb_build_object('provider', v.provider, 'score', v.score, 'says', v.says)
                        from artifact_verdicts v where v.sha256 = s.named_sha256 and s.kind <> 'recording'
                       order by v.provider) as verdicts
           from artifact_sightings s left join artifacts a on a.sha256 = s.artifact_sha256
          where s.session_id = $1 and s.sensor = $2
          order by s.seen_at, s.event_id limit ${perSessionMax}`,
        [session.session_id, session.sensor],
      );
    },

    async findRecordings(id: string, sensor: string | undefined): Promise<SessionRecordings | undefined> {
      const session = await findSessionOf(id, sensor);
      if (session === undefined) return undefined;
      const recordings = await reader.rows<RecordingRow>(
        `select a.sha256, a.form, s.is_repeat from artifact_sightings s join artifacts a on a.sha256 = s.artifact_sha256
          where s.session_id = $1 and s.sensor = $2 and s.kind = 'recording' and a.sealed_bytes > 0
          order by s.seen_at, s.event_id limit ${perSessionMax}`,
        [session.session_id, session.sensor],
      );
      const [size] = await reader.rows<{ width: unknown; height: unknown }>(
        `select raw_event->'width' as width, raw_event->'height' as height from events
          where session_id = $1 and sensor = $2 and id >= $3 and id < $4 and event_type = 'cowrie.client.size'
          order by id limit 1`,
        [
          ...[session.session_id, session.sensor],
          ...[eventIdFloor(Date.parse(session.start_time)), eventIdFloor(Date.parse(session.last_event_time) + 1)],
        ],
      );
      return { session_id: session.session_id, start_time: session.start_time, recordings, screen: size ?? null };
    },
  };

  /** By the row's id or by the honeypot's session id; of several sensors with the same id, the newest session. */
  async function findSessionOf(id: string, sensor: string | undefined) {
    const where = createWhere();
    where.add(isRowId(id) ? 'id = ?' : 'session_id = ?', id);
    where.addIf('sensor = ?', sensor);
    const [session] = await reader.rows<{
      session_id: string;
      sensor: string;
      start_time: string;
      last_event_time: string;
    }>(
      `select session_id, sensor, ${isoColumn('start_time')}, ${isoColumn('last_event_time')} from sessions ${where.text}
        order by sessions.start_time desc limit 1`,
      where.values,
    );
    return session;
  }
}
