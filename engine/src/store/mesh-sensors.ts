import { createHash, randomBytes } from 'node:crypto';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Heartbeat } from '@cerberusmesh/contract/mesh';
import type pg from 'pg';
import { appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { createPoolGuard } from './pool-fault.ts';
import { storableJson } from './storable-json.ts';

/** What the hub's watch needs to know of an enrolled sensor. */
export interface WatchedSensor {
  readonly sensor: string;
  readonly enrolledAt: Date;
  readonly lastSeen: Date | null;
  readonly heartbeat: Heartbeat | null;
  readonly clockSkewMs: number | null;
  readonly alert: string | null;
  /** When something of it was last stored, by our clock; null where it never shipped. */
  readonly lastStoredAt: Date | null;
}

const invitationMs = 86_400_000;

/** Who may ship under which name, and how they do. Secrets are kept as hashes: of 256 random bits, so a fast one serves. */
export function createMeshSensors(database: Database) {
  const { pool } = database;
  const guarded = createPoolGuard(pool, 'Sensors cannot be looked up.');
  return {
    /**
     * A secret that is good once, for a day. A sensor that was enrolled before stays good until the new one has come.
     * @throws CerberusError CONFLICT where the name is one of a honeypot that is not of the mesh.
     */
    async invite(sensor: string, actor: string, now: Date): Promise<string> {
      const secret = `ci_${randomBytes(32).toString('base64url')}`;
      await database.transaction(async (client) => {
        if (await isTaken(client, sensor))
          throw new CerberusError('CONFLICT', `Events of a sensor "${sensor}" are here already: choose another name.`);
        await client.query(
          `insert into sensors (sensor, kind, place, invitation_hash, invited_until) values ($1, 'mesh', '', $2, $3)
           on conflict (sensor) do update set invitation_hash = excluded.invitation_hash,
             invitation_used = false, invited_until = excluded.invited_until`,
          [sensor, hashOf(secret), new Date(now.getTime() + invitationMs)],
        );
        await appendAudit(client, { actor, action: 'sensor.invite', subject: sensor, details: {} });
      });
      return secret;
    },

    /**
     * Takes the sensor's own secret for an invitation. Asked again with the same pair, as after an answer that was lost, it
     * answers the same. @returns the name; undefined where the invitation is unknown, used or too old.
     */
    async enrol(invitation: string, secret: string, now: Date): Promise<string | undefined> {
      return await database.transaction(async (client) => {
        const { rows } = await client.query<{ sensor: string; is_used: boolean; is_known: boolean }>(
          `select sensor, invitation_used as is_used, secret_hash is not distinct from $2 as is_known from sensors
            where invitation_hash = $1 and invited_until > $3 for update`,
          [hashOf(invitation), hashOf(secret), now],
        );
        const [row] = rows;
        if (row === undefined || row.is_used) return row?.is_known ? row.sensor : undefined;
        await client.query(
          `update sensors set invitation_used = true, secret_hash = $2, enrolled_at = $3, revoked_at = null,
                              alert = null, alert_since = null, heartbeat = null where sensor = $1`,
          [row.sensor, hashOf(secret), now],
        );
        await appendAudit(client, {
          actor: `sensor:${row.sensor}`,
          action: 'sensor.enrol',
          subject: row.sensor,
          details: {},
        });
        return row.sensor;
      });
    },

    /** Whose secret this is; undefined where nobody's (any more). @throws CerberusError DATABASE_AWAY, DATABASE_BUSY */
    async verify(secret: string): Promise<string | undefined> {
      const { rows } = await guarded(
        pool.query<{ sensor: string }>('select sensor from sensors where secret_hash = $1 and revoked_at is null', [
          hashOf(secret),
        ]),
      );
      return rows[0]?.sensor;
    },

    /** @returns false where no enrolled or invited sensor has this name. */
    async revoke(sensor: string, actor: string, now: Date): Promise<boolean> {
      return await database.transaction(async (client) => {
        const { rowCount } = await client.query(
          `update sensors set revoked_at = $2, invitation_hash = null, invited_until = null
            where sensor = $1 and kind = 'mesh' and revoked_at is null`,
          [sensor, now],
        );
        if (rowCount === 0) return false;
        await appendAudit(client, { actor, action: 'sensor.revoke', subject: sensor, details: {} });
        return true;
      });
    },

    async beat(sensor: string, heartbeat: Heartbeat, place: string, now: Date): Promise<void> {
      const skewMs = Date.parse(heartbeat.sentAt) - now.getTime();
      await guarded(
        pool.query(
          `update sensors set heartbeat = $2, place = $3, last_seen = $4, clock_skew_ms = $5 where sensor = $1`,
          [sensor, storableJson(heartbeat), place, now, skewMs],
        ),
      );
    },

    /** Those that are enrolled and not revoked. */
    async listWatched(): Promise<WatchedSensor[]> {
      const { rows } = await pool.query<{
        sensor: string;
        enrolled_at: Date;
        last_seen: Date | null;
        heartbeat: unknown;
        clock_skew_ms: number | null;
        alert: string | null;
        last_stored_at: Date | null;
      }>(
        `select n.sensor, n.enrolled_at, n.last_seen, n.heartbeat, n.clock_skew_ms, n.alert, s.updated_at as last_stored_at
           from sensors n left join sources s on s.source_id = 'sensor ' || n.sensor
          where n.kind = 'mesh' and n.enrolled_at is not null and n.revoked_at is null order by n.sensor limit 10000`,
      );
      return rows.map((row) => ({
        sensor: row.sensor,
        enrolledAt: row.enrolled_at,
        lastSeen: row.last_seen,
        heartbeat: Heartbeat.safeParse(row.heartbeat).data ?? null,
        clockSkewMs: row.clock_skew_ms,
        alert: row.alert,
        lastStoredAt: row.last_stored_at,
      }));
    },

    /** Null: it is well again. @returns false where another process was first. */
    async setAlert(sensor: string, from: string | null, to: string | null, now: Date): Promise<boolean> {
      const { rowCount } = await pool.query(
        `update sensors set alert = $3, alert_since = case when $3::text is null then null else $4::timestamptz end
          where sensor = $1 and alert is not distinct from $2`,
        [sensor, from, to, now],
      );
      return rowCount === 1;
    },
  };
}

export type MeshSensors = ReturnType<typeof createMeshSensors>;

/** A name that a honeypot here writes under must not be given to somebody far away. */
async function isTaken(client: pg.PoolClient, sensor: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    `select exists (select 1 from sensors where sensor = $1 and kind <> 'mesh')
         or (not exists (select 1 from sensors where sensor = $1)
             and exists (select 1 from rollup_hours where sensor = $1)) as taken`,
    [sensor],
  );
  return rows[0]?.taken === true;
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
