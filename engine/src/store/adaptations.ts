import {
  type AdaptationChange,
  FileSet,
  type NewAdaptation,
  Sighting,
  type StoredAdaptation,
} from '@cerberusmesh/contract/adaptation';
import { AdaptationStatus, AdaptationType } from '@cerberusmesh/contract/decision';
import type pg from 'pg';
import { z } from 'zod';
import type { Database } from './database.ts';
import { insertLures } from './lures.ts';

/**
 * Adaptations as act writes them: planned before anything is touched, then changed step by step. All statements take
 * the row by its id; `withSensor` is what keeps two processes from changing one honeypot at the same time.
 */
export function createAdaptationStore(database: Database) {
  const { pool } = database;
  return {
    /** Waits for the sensor's advisory lock and holds it, on a connection of its own, while `work` runs. */
    async withSensor<T>(sensor: string, work: () => Promise<T>): Promise<T> {
      const client = await pool.connect();
      let failed = true;
      try {
        await client.query(`select pg_advisory_lock(hashtextextended('adaptation of ' || $1, 0))`, [sensor]);
        const result = await work();
        await client.query(`select pg_advisory_unlock(hashtextextended('adaptation of ' || $1, 0))`, [sensor]);
        failed = false;
        return result;
      } finally {
        // After a failure the connection is closed, which gives the lock back whatever state it is in.
        client.release(failed);
      }
    },

    async find(id: string): Promise<StoredAdaptation | undefined> {
      const { rows } = await pool.query(`select ${columns} from adaptations where id = $1`, [id]);
      return rows.map(toStored)[0];
    },

    async findByDecision(decisionId: string, actionType: AdaptationType): Promise<StoredAdaptation | undefined> {
      const { rows } = await pool.query(
        `select ${columns} from adaptations where decision_id = $1 and action_type = $2`,
        [decisionId, actionType],
      );
      return rows.map(toStored)[0];
    },

    /** With its lures, in one transaction: a secret is known before a visitor can see it. */
    async insert(adaptation: NewAdaptation): Promise<StoredAdaptation> {
      return await database.transaction(async (client) => {
        const stored = await insertAdaptation(client, adaptation);
        const lures = adaptation.lures.map((lure) => ({ ...lure, trap: adaptation.actionType }));
        await insertLures(client, lures, { adaptationId: stored.id, sensor: adaptation.sensor, plantedAt: new Date() });
        return stored;
      });
    },

    async change(id: string, change: AdaptationChange): Promise<void> {
      await pool.query(
        `update adaptations
            set status = coalesce($2, status), success = coalesce($3, success), error = coalesce($4, error),
                verification = coalesce($5, verification), applied_at = coalesce($6, applied_at),
                verified_at = coalesce($7, verified_at), rolled_back_at = coalesce($8, rolled_back_at)
          where id = $1`,
        [
          id,
          change.status ?? null,
          change.success ?? null,
          change.error ?? null,
          change.verification ? JSON.stringify(change.verification) : null,
          change.appliedAt ?? null,
          change.verifiedAt ?? null,
          change.rolledBackAt ?? null,
        ],
      );
    },

    async listUnfinished(): Promise<readonly StoredAdaptation[]> {
      const { rows } = await pool.query(
        `select ${columns} from adaptations
          where status = 'planned' or (status = 'applied' and (verification->>'looked')::boolean is not true)
          order by created_at, id limit 1000`,
      );
      return rows.map(toStored);
    },

    async listExpired(now: Date): Promise<readonly StoredAdaptation[]> {
      const { rows } = await pool.query(
        `select ${columns} from adaptations
          where status in ('applied', 'verified') and expires_at <= $1 order by created_at desc, id desc limit 1000`,
        [now],
      );
      return rows.map(toStored);
    },
  };
}

async function insertAdaptation(client: pg.PoolClient, adaptation: NewAdaptation): Promise<StoredAdaptation> {
  const { rows } = await client.query(
    `insert into adaptations (decision_id, action_type, severity, sensor, session_id, source_ip, reason, status,
                              success, action_details, old_config, new_config, error, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning ${columns}`,
    [
      adaptation.decisionId,
      adaptation.actionType,
      adaptation.severity,
      adaptation.sensor,
      adaptation.sessionId,
      adaptation.sourceIp,
      adaptation.reason,
      adaptation.status,
      adaptation.status === 'failed' ? false : null,
      JSON.stringify(adaptation.details),
      adaptation.old ? JSON.stringify(adaptation.old) : null,
      adaptation.new ? JSON.stringify(adaptation.new) : null,
      adaptation.error,
      adaptation.expiresAt,
    ],
  );
  const [stored] = rows.map(toStored);
  if (!stored) throw new Error('insert into adaptations returned no row');
  return stored;
}

const columns = `id, action_type, sensor, status, old_config, new_config, error, verification, expires_at,
  coalesce(action_details->>'way' = 'plugin', false) as is_live`;

const Row = z.object({
  id: z.string(),
  action_type: AdaptationType,
  sensor: z.string(),
  status: AdaptationStatus,
  old_config: FileSet.nullable(),
  new_config: FileSet.nullable(),
  error: z.string().nullable(),
  verification: Sighting.nullable(),
  expires_at: z.date().nullable(),
  is_live: z.boolean(),
});

function toStored(row: unknown): StoredAdaptation {
  const { id, action_type, sensor, status, old_config, new_config, error, verification, expires_at, is_live } =
    Row.parse(row);
  return {
    id,
    actionType: action_type,
    sensor,
    status,
    old: old_config,
    new: new_config,
    error,
    verification,
    expiresAt: expires_at,
    isLive: is_live,
  };
}
