import {
  ActionCause,
  type ActionChange,
  ActionKind,
  type ActionRequest,
  ActionStatus,
  ActionStep,
  ActionVerification,
  type NewAction,
  type StoredAction,
} from '@cerberusmesh/contract/action';
import type pg from 'pg';
import { z } from 'zod';
import type { Database } from './database.ts';
import { isKept } from './standing.ts';
import { storableJson } from './storable-json.ts';
import { createTargetLock } from './target-lock.ts';

/**
 * Actions as act writes them. What each decision asks is named, so that PostgreSQL plans it once. All statements take the row by its id; `withTarget` is what keeps two processes from
 * working on one target at the same time.
 */
export function createActionStore(database: Database) {
  const { pool } = database;
  return {
    ...createTargetLock(pool),

    async find(id: string): Promise<StoredAction | undefined> {
      const { rows } = await pool.query(`select ${columns} from actions where id = $1`, [id]);
      return rows.map(toStored)[0];
    },

    async findByCause(causeId: string, kind: ActionKind, target: string): Promise<StoredAction | undefined> {
      const { rows } = await pool.query({
        name: 'find action by cause',
        text: `select ${columns} from actions where cause_id = $1 and kind = $2 and target = $3`,
        values: [causeId, kind, target],
      });
      return rows.map(toStored)[0];
    },

    async insert(action: NewAction): Promise<StoredAction> {
      const { rows } = await pool.query({ name: 'insert action', text: insertText, values: insertValues(action) });
      const [stored] = rows.map(toStored);
      if (!stored) throw new Error('insert into actions returned no row');
      return stored;
    },

    async change(id: string, change: ActionChange): Promise<void> {
      await pool.query({ name: 'change action', text: changeText, values: [id, ...changeValues(change)] });
    },

    async addStep(id: string, name: string, at: Date, details: Readonly<Record<string, unknown>>): Promise<void> {
      await pool.query({
        name: 'add step of action',
        text: 'update actions set steps = steps || $2::jsonb where id = $1',
        values: [id, storableJson([{ name, at: at.toISOString(), details }])],
      });
    },

    async listOpen(statuses: readonly ActionStatus[], now: Date): Promise<readonly StoredAction[]> {
      const { rows } = await pool.query(
        `select ${columns} from actions
          where status = any($1) and (retry_at is null or retry_at <= $2) order by created_at, id limit 1000`,
        [statuses, openEnded(now)],
      );
      return rows.map(toStored);
    },

    async listExpired(now: Date): Promise<readonly StoredAction[]> {
      const { rows } = await pool.query(
        `select ${columns} from actions
          where status in ('applied', 'verified') and expires_at <= $1 order by created_at desc, id desc limit 1000`,
        [now],
      );
      return rows.map(toStored);
    },

    async listUndoable(): Promise<readonly StoredAction[]> {
      // One that was verified and has no end is an end in itself.
      const { rows } = await pool.query(
        `select ${columns} from actions
          where status in ('waiting', 'planned', 'applied', 'undoing') or (status = 'verified' and expires_at is not null)
          order by created_at desc, id desc limit 10000`,
      );
      return rows.map(toStored);
    },

    /** The standing ones of a kind, for those who must know them all at the start. */
    async listStanding(kind: ActionKind): Promise<readonly StoredAction[]> {
      const { rows } = await pool.query(
        `select ${columns} from actions
          where kind = $1 and status in ('planned', 'applied', 'verified', 'undoing')
          order by created_at, id limit 10000`,
        [kind],
      );
      return rows.map(toStored);
    },

    async countBegun(kind: ActionKind, withinSeconds: number): Promise<number> {
      const { rows } = await pool.query<{ count: number }>({
        name: 'count actions begun',
        text: `select count(*) from actions
                where kind = $1 and created_at > now() - make_interval(secs => $2) and created_at < now() + make_interval(secs => $2)
                  and status not in ('waiting', 'refused', 'dry_run')`,
        values: [kind, withinSeconds],
      });
      return rows[0]?.count ?? 0;
    },
  };
}

/**
 * Queues an action; pass the connection of the transaction that causes it. The same cause queues the same kind once.
 * Changes to a honeypot's world are jobs of their own, as `jobsOf` a decision says.
 */
export async function queueAction(connection: Pick<pg.Pool, 'query'>, request: ActionRequest): Promise<void> {
  await connection.query(
    `insert into jobs (kind, job_key, payload) values ($1, $2, $3) on conflict (job_key) do nothing`,
    [
      request.kind === 'insert_trap' ? 'act' : 'action',
      `action ${request.kind} ${request.cause.causeId}`,
      storableJson(request),
    ],
  );
}

/** Ends the time of a standing action or adaptation now: whoever looks for what is over takes it back. False where none stands. */
export async function endAction(pool: pg.Pool, id: string, now: Date): Promise<boolean> {
  const { rows } = await pool.query(
    `with action as (
       update actions set expires_at = least(expires_at, $2) where id = $1 and status in ('applied', 'verified') returning id),
     adaptation as (
       update adaptations set expires_at = least(expires_at, $2)
        where id = $1 and status in ('applied', 'verified') and not ${isKept} returning id)
     select id from action union all select id from adaptation`,
    [id, now],
  );
  return rows.length > 0;
}

/** The end of JavaScript's time is beyond PostgreSQL's. */
export function openEnded(now: Date): Date | 'infinity' {
  return now.getTime() > Date.UTC(9999, 0) ? 'infinity' : now;
}

const columns = `id, cause_id, decision_id, kind, target, status, ends_as, requested_by, reason, severity, sensor,
  session_id, source_ip, parameters, plan, steps, result, verification, error, undo_error, attempts, expires_at, created_at`;

const insertText = `
with made as (
  insert into actions (id, cause_id, decision_id, kind, target, status, requested_by, reason, severity, sensor,
                       session_id, source_ip, parameters, plan, error, expires_at, lifetime_seconds, ended_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
          case when $6 in ('refused', 'dry_run') then now() end)
  on conflict (cause_id, kind, target) do nothing
  returning ${columns})
select ${columns} from made
union all
select ${columns} from actions where cause_id = $2 and kind = $4 and target = $5 limit 1`;

function insertValues({ id, kind, target, cause, parameters, status, ...action }: NewAction): unknown[] {
  const { plan, error, expiresAt, lifetimeSeconds = null } = action;
  return [
    ...[id, cause.causeId, cause.decisionId, kind, target, status, cause.requestedBy, cause.reason, cause.severity],
    ...[cause.sensor, cause.sessionId, cause.sourceIp, storableJson(parameters)],
    ...[plan === null || plan === undefined ? null : storableJson(plan), error, expiresAt, whole(lifetimeSeconds)],
  ];
}

const changeText = `
update actions
   set status = coalesce($2, status), plan = coalesce($3, plan), result = coalesce($4, result),
       verification = coalesce($5, verification), error = coalesce($6, error), undo_error = coalesce($7, undo_error),
       ends_as = coalesce($8, ends_as), attempts = coalesce($9, attempts), retry_at = coalesce($10, retry_at),
       expires_at = coalesce($11, expires_at), approved_by = coalesce($12, approved_by),
       applied_at = coalesce($13, applied_at), verified_at = coalesce($14, verified_at),
       ended_at = coalesce($15, ended_at), lifetime_seconds = coalesce($16, lifetime_seconds)
 where id = $1`;

function changeValues(change: ActionChange): unknown[] {
  const json = (value: unknown) => (value === undefined ? null : storableJson(value));
  return [
    ...[change.status ?? null, json(change.plan), json(change.result), json(change.verification)],
    ...[change.error ?? null, change.undoError ?? null, change.endsAs ?? null, change.attempts ?? null],
    ...[change.retryAt ?? null, change.expiresAt ?? null, change.approvedBy ?? null],
    ...[
      change.appliedAt ?? null,
      change.verifiedAt ?? null,
      change.endedAt ?? null,
      whole(change.lifetimeSeconds ?? null),
    ],
  ];
}

function whole(seconds: number | null): number | null {
  return seconds === null ? null : Math.ceil(seconds);
}

const Row = z.object({
  id: z.string(),
  cause_id: z.string(),
  decision_id: z.string().nullable(),
  kind: ActionKind,
  target: z.string(),
  status: ActionStatus,
  ends_as: z.enum(['failed', 'undone']).nullable(),
  requested_by: z.string(),
  reason: z.string(),
  severity: ActionCause.shape.severity,
  sensor: z.string().nullable(),
  session_id: z.string().nullable(),
  source_ip: z.string().nullable(),
  parameters: z.unknown(),
  plan: z.unknown(),
  steps: z.array(ActionStep),
  result: z.unknown(),
  verification: ActionVerification.nullable(),
  error: z.string().nullable(),
  undo_error: z.string().nullable(),
  attempts: z.number(),
  expires_at: z.date().nullable(),
  created_at: z.date(),
});

function toStored(row: unknown): StoredAction {
  const found = Row.parse(row);
  const { id, kind, target, status, parameters, plan, steps, result, verification, error, attempts } = found;
  return {
    ...{ id, kind, target, status, parameters, plan, steps, result, verification, error, attempts },
    endsAs: found.ends_as,
    undoError: found.undo_error,
    expiresAt: found.expires_at,
    createdAt: found.created_at,
    cause: {
      causeId: found.cause_id,
      decisionId: found.decision_id,
      requestedBy: found.requested_by,
      reason: found.reason,
      severity: found.severity,
      sensor: found.sensor,
      sessionId: found.session_id,
      sourceIp: found.source_ip,
    },
  };
}
