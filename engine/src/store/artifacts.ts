import type { ArtifactForm, ArtifactSighting } from '@cerberusmesh/contract/artifact';
import type { AssessedLine, SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { sensorOfSource } from '@cerberusmesh/contract/mesh';
import type pg from 'pg';
import { booleanColumn, textColumn, timestampColumn, uuidColumn } from './array-parameters.ts';
import type { Database } from './database.ts';
import type { Statement } from './statement.ts';

/** Notes, in the transaction of the events, which of them told of an artifact. A batch without any pays nothing. */
export function sightingsStatement(source: SourceIdentity, lines: readonly AssessedLine[]): Statement | undefined {
  const rows = lines.flatMap((line) => sightingOf(line) ?? []);
  if (rows.length === 0) return undefined;
  const isHere = source.kind === 'cowrie log' || source.kind === 'file';
  const log = isHere ? source.place : sensorOfSource(source.sourceId) === undefined ? null : source.sourceId;
  return {
    name: 'store sightings',
    text: `insert into artifact_sightings (event_id, seen_at, sensor, session_id, kind, named_sha256, path, origin, is_repeat, log_path, state)
     select r.*, $10::text, case when $10 is null then 'elsewhere' else 'waiting' end
       from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                   $9::boolean[]) r
     on conflict (event_id) do nothing`,
    values: [
      uuidColumn(rows, ({ event }) => event.id),
      timestampColumn(rows, ({ event }) => event.timestamp),
      textColumn(rows, ({ event }) => event.sensor),
      textColumn(rows, ({ event }) => event.sessionId),
      textColumn(rows, ({ kind }) => kind),
      textColumn(rows, ({ named }) => named),
      textColumn(rows, ({ path }) => path),
      textColumn(rows, ({ origin }) => origin),
      booleanColumn(rows, ({ isRepeat }) => isRepeat),
      log,
    ],
  };
}

const hashForm = /^[0-9a-f]{64}$/;
const textMax = 4096;

function sightingOf({ event, probe }: AssessedLine) {
  const { detail, sessionId } = event;
  if (probe || sessionId === null) return undefined;
  if (detail.kind === 'recording' && hashForm.test(detail.sha256 ?? '')) {
    const path = detail.path.slice(0, textMax);
    return { event, kind: 'recording', named: detail.sha256, path, origin: null, isRepeat: detail.isRepeat ?? false };
  }
  if (detail.kind !== 'transfer' || !detail.succeeded || !hashForm.test(detail.sha256 ?? '')) return undefined;
  const path = (detail.keptAs ?? '').slice(0, textMax);
  const origin = (detail.url ?? detail.path ?? null)?.slice(0, textMax) ?? null;
  const isRepeat = detail.isRepeat ?? false;
  return { event, kind: detail.direction, named: detail.sha256, path, origin, isRepeat };
}

export interface KeptArtifact {
  readonly sha256: string;
  readonly kind: 'recording' | 'payload';
  readonly form: ArtifactForm;
  readonly sizeBytes: number;
  readonly sealed: Buffer;
}

/** Why an artifact is not kept: for good, or for now and to be tried again. */
export interface Unkept {
  readonly eventId: string;
  readonly why: string;
  /** null: it still waits. */
  readonly state: 'missing' | 'too_large' | 'refused' | 'elsewhere' | null;
  readonly waitSeconds: number | null;
}

/** Of the room, that one sensor has for certain. */
const shareOfOne = 0.25;

export type ArtifactStore = ReturnType<typeof createArtifactStore>;

/** What is known of artifacts, and their sealed contents, in all at most `bytesMax`. */
export function createArtifactStore(database: Database, bytesMax: number) {
  const { pool } = database;
  return {
    /** Those whose time has come, for `lockSeconds`; two workers never take the same one. */
    async takeWaiting(limit: number, lockSeconds: number): Promise<ArtifactSighting[]> {
      // Named, so that it is planned once: it is asked every other second, and mostly there is nothing.
      const { rows } = await pool.query<ArtifactSighting>({
        name: 'take sightings',
        text: `with next as (
           select event_id from artifact_sightings where state = 'waiting' and try_at <= now()
            order by try_at limit $1 for update skip locked)
         update artifact_sightings s set try_at = now() + make_interval(secs => $2), attempts = attempts + 1
           from next where s.event_id = next.event_id
      returning s.event_id as "eventId", s.kind, s.named_sha256 as "namedSha256", s.path, s.log_path as "logPath",
                s.seen_at as "seenAt", s.attempts`,
        values: [limit, lockSeconds],
      });
      return rows;
    },

    /** A file whose content is kept already, whoever brought it; gives whether there is one. */
    async linkKnown({ eventId, namedSha256, kind }: ArtifactSighting): Promise<boolean> {
      // A recording's name says nothing of its content.
      if (kind === 'recording') return false;
      return await database.transaction(async (client) => {
        const known = 'select 1 from artifacts where sha256 = $1 and sealed is not null';
        if ((await client.query(known, [namedSha256])).rowCount !== 1) return false;
        await link(client, eventId, namedSha256);
        return true;
      });
    },

    /** Keeps a content once, whoever brings it; what was brought in longest ago makes room. */
    async keep({ eventId, seenAt }: ArtifactSighting, artifact: KeptArtifact): Promise<void> {
      const { sha256, kind, form, sizeBytes, sealed } = artifact;
      await database.transaction(async (client) => {
        // One at a time, so that the sum holds.
        await client.query(`select pg_advisory_xact_lock(hashtext('artifacts'))`);
        await makeRoom(client, bytesMax - sealed.length, bytesMax * shareOfOne);
        await client.query(
          `insert into artifacts as a (sha256, kind, form, size_bytes, sealed_bytes, sealed, first_seen)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (sha256) do update set sealed = excluded.sealed, sealed_bytes = excluded.sealed_bytes, kept_at = now()
            where a.sealed is null`,
          [sha256, kind, form, sizeBytes, sealed.length, sealed, seenAt],
        );
        await link(client, eventId, sha256);
      });
    },

    /** What became of those that were not kept, in one statement: after a replay they are thousands. */
    async settle(unkept: readonly Unkept[]): Promise<void> {
      if (unkept.length === 0) return;
      await pool.query(
        `update artifact_sightings s set state = coalesce(u.state, s.state), why = u.why,
                try_at = coalesce(now() + make_interval(secs => u.wait_seconds), s.try_at)
           from unnest($1::uuid[], $2::text[], $3::text[], $4::float8[]) u (event_id, state, why, wait_seconds)
          where s.event_id = u.event_id`,
        [
          unkept.map(({ eventId }) => eventId),
          unkept.map(({ state }) => state),
          unkept.map(({ why }) => why),
          unkept.map(({ waitSeconds }) => waitSeconds),
        ],
      );
    },

    /** Forgets what was seen before, and contents that nobody names any more. */
    async forgetBefore(time: Date): Promise<void> {
      await pool.query('delete from artifact_sightings where seen_at < $1', [time]);
      await pool.query(
        'delete from artifacts a where not exists (select 1 from artifact_sightings s where s.artifact_sha256 = a.sha256)',
      );
    },

    /** The sealed content; undefined where it was never brought in or made room. */
    async findSealed(sha256: string): Promise<Buffer | undefined> {
      const { rows } = await pool.query<{ sealed: Buffer | null }>('select sealed from artifacts where sha256 = $1', [
        sha256,
      ]);
      return rows[0]?.sealed ?? undefined;
    },
  };
}

/** A session that has the same content in two events is one session. */
async function link(client: pg.PoolClient, eventId: string, sha256: string): Promise<void> {
  await client.query(
    `update artifacts a set first_seen = least(a.first_seen, s.seen_at),
            sessions = a.sessions + case when exists (
              select 1 from artifact_sightings o
               where o.session_id = s.session_id and o.sensor = s.sensor and o.artifact_sha256 = a.sha256) then 0 else 1 end
       from artifact_sightings s where s.event_id = $1 and a.sha256 = $2`,
    [eventId, sha256],
  );
  await client.query(
    `update artifact_sightings set state = 'kept', why = null, artifact_sha256 = $2 where event_id = $1`,
    [eventId, sha256],
  );
}

/** What a sensor has beyond its share goes first: day by day one alone would have pushed out what all others brought. */
async function makeRoom(client: pg.PoolClient, roomBytes: number, shareBytes: number): Promise<void> {
  await client.query(
    `with kept as (
       select a.sha256, a.kept_at, a.sealed_bytes,
              sum(a.sealed_bytes) over (partition by s.sensor order by a.kept_at desc, a.sha256) > $2 as is_beyond
         from artifacts a
         left join lateral (select sensor from artifact_sightings
                             where artifact_sha256 = a.sha256 order by seen_at, event_id limit 1) s on true
        where a.sealed is not null and (select sum(sealed_bytes) from artifacts) > $1),
     ordered as (
       select sha256, sum(sealed_bytes) over (order by is_beyond, kept_at desc, sha256) as bytes from kept)
     update artifacts a set sealed = null, sealed_bytes = 0 from ordered
      where a.sha256 = ordered.sha256 and ordered.bytes > $1`,
    [roomBytes, shareBytes],
  );
}
