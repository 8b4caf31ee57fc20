import {
  type ActionChange,
  type ActionKind,
  type ActionStatus,
  ActionStep,
  type NewAction,
  type StoredAction,
} from '@cerberusmesh/contract/action';
import { AdaptationPlan, FileSet, Sighting } from '@cerberusmesh/contract/adaptation';
import { type AdaptationStatus, AdaptationType } from '@cerberusmesh/contract/decision';
import { Severity } from '@cerberusmesh/contract/severity';
import type pg from 'pg';
import { z } from 'zod';
import { openEnded } from './actions.ts';
import type { Database } from './database.ts';
import { liftAdaptation } from './lift-adaptation.ts';
import { insertLures } from './lures.ts';
import { isKept } from './standing.ts';
import { createTargetLock } from './target-lock.ts';

/**
 * Actions of the kind `insert_trap`, whose rows are those of `adaptations`: the target is the adaptation, the plan is what
 * the table calls old, new and details. The table has fewer states: what was refused has failed there, what was undone is
 * rolled back, and what is being taken back (`ends_as`) still has the state in which visitors find it.
 */
export function createAdaptationStore(database: Database) {
  const { pool } = database;

  async function select(rest: string, values: readonly unknown[] = []): Promise<readonly StoredAction[]> {
    const { rows } = await pool.query(`select ${columns} from adaptations ${rest}`, [...values]);
    return rows.map(toStored);
  }

  return {
    ...createTargetLock(pool),

    async find(id: string): Promise<StoredAction | undefined> {
      return (await select('where id = $1', [id]))[0];
    },

    async findByCause(causeId: string, _kind: ActionKind, target: string): Promise<StoredAction | undefined> {
      return (await select('where coalesce(decision_id, cause_id) = $1 and action_type = $2', [causeId, target]))[0];
    },

    /** With its lures, in one transaction: a secret is known before a visitor can see it. */
    async insert(action: NewAction): Promise<StoredAction> {
      const plan = action.plan === null ? null : AdaptationPlan.parse(action.plan);
      return await database.transaction(async (client) => {
        const stored = await insertAdaptation(client, action, plan);
        const trap = AdaptationType.parse(action.target);
        const lures = action.status === 'planned' ? (plan?.lures ?? []).map((lure) => ({ ...lure, trap })) : [];
        const sensor = action.cause.sensor ?? '';
        await insertLures(client, lures, { adaptationId: stored.id, sensor, plantedAt: new Date() });
        return stored;
      });
    },

    async change(id: string, change: ActionChange): Promise<void> {
      await pool.query(changeText, [id, ...changeValues(change)]);
    },

    async addStep(id: string, name: string, at: Date, details: Readonly<Record<string, unknown>>): Promise<void> {
      const step = JSON.stringify([{ name, at: at.toISOString(), details }]);
      await pool.query('update adaptations set steps = steps || $2::jsonb where id = $1', [id, step]);
    },

    liftOut: (id: string) => liftAdaptation(database, id),

    async listOpen(statuses: readonly ActionStatus[], now: Date): Promise<readonly StoredAction[]> {
      return await select(
        `where (status in ('planned', 'applied') or ends_as is not null) and ${stateText} = any($1)
           and (retry_at is null or retry_at <= $2) order by created_at, id limit 1000`,
        [statuses, openEnded(now)],
      );
    },

    async listExpired(now: Date): Promise<readonly StoredAction[]> {
      return await select(
        `where status in ('applied', 'verified') and ends_as is null and expires_at <= $1
          order by created_at desc, id desc limit 1000`,
        [now],
      );
    },

    async listUndoable(): Promise<readonly StoredAction[]> {
      return await select(
        `where status in ('planned', 'applied', 'verified') and not ${isKept} order by created_at desc, id desc limit 10000`,
      );
    },

    async countBegun(_kind: ActionKind, withinSeconds: number): Promise<number> {
      const { rows } = await pool.query<{ count: number }>(
        `select count(*) from adaptations
          where created_at > now() - make_interval(secs => $1) and created_at < now() + make_interval(secs => $1)
            and status <> 'dry_run' and new_config is not null
            and (decision_id is not null or cause_id is not null)`,
        [withinSeconds],
      );
      return rows[0]?.count ?? 0;
    },
  };
}

async function insertAdaptation(
  client: pg.PoolClient,
  { id, cause, target, status, error, expiresAt, lifetimeSeconds = null }: NewAction,
  plan: AdaptationPlan | null,
): Promise<StoredAction> {
  const standing = statusOf(status);
  const { rows } = await client.query(
    `insert into adaptations (id, decision_id, action_type, severity, sensor, session_id, source_ip, reason, status,
                              success, action_details, old_config, new_config, error, expires_at, cause_id, requested_by,
                              lifetime_seconds)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) returning ${columns}`,
    [
      ...[id, cause.decisionId, target, cause.severity, cause.sensor, cause.sessionId, cause.sourceIp, cause.reason],
      ...[standing, standing === 'failed' ? false : null, JSON.stringify(plan?.details ?? {})],
      ...[plan?.old ? JSON.stringify(plan.old) : null, plan ? JSON.stringify(plan.new) : null, error, expiresAt],
      ...[cause.decisionId === null ? cause.causeId : null, cause.requestedBy],
      lifetimeSeconds === null ? null : Math.ceil(lifetimeSeconds),
    ],
  );
  const [stored] = rows.map(toStored);
  if (!stored) throw new Error('insert into adaptations returned no row');
  return stored;
}

/** Null: as it was. */
function statusOf(status: ActionStatus): AdaptationStatus | null {
  if (status === 'waiting') throw new Error('a decision is asked for before its adaptations are queued');
  if (status === 'refused') return 'failed';
  if (status === 'undone') return 'rolled_back';
  return status === 'undoing' ? null : status;
}

const changeText = `
update adaptations
   set status = coalesce($2, status), success = coalesce($3, success), error = coalesce($4, error),
       verification = coalesce($5, verification), undo_error = coalesce($6, undo_error), ends_as = coalesce($7, ends_as),
       attempts = coalesce($8, attempts), retry_at = coalesce($9, retry_at), applied_at = coalesce($10, applied_at),
       verified_at = coalesce($11, verified_at), rolled_back_at = coalesce($12, rolled_back_at)
 where id = $1`;

function changeValues({ status, verification, ...change }: ActionChange): unknown[] {
  const standing = status === undefined ? null : statusOf(status);
  const seen = verification && Sighting.parse({ sights: [], tookMs: 0, ...verification });
  return [
    ...[standing, successOf(standing), change.error ?? null, seen ? JSON.stringify(seen) : null],
    ...[change.undoError ?? null, change.endsAs ?? null, change.attempts ?? null, change.retryAt ?? null],
    ...[change.appliedAt ?? null, change.verifiedAt ?? null, status === 'undone' ? (change.endedAt ?? null) : null],
  ];
}

/** The seed's column. */
function successOf(status: AdaptationStatus | null): boolean | null {
  if (status === 'failed') return false;
  return status === 'applied' || status === 'verified' ? true : null;
}

/** The runner's word for the state of a row. */
const stateText = `case when status = 'rolled_back' then 'undone'
  when ends_as is not null and status in ('planned', 'applied', 'verified') then 'undoing' else status end`;

const columns = `id, decision_id, cause_id, requested_by, action_type, severity, sensor, session_id, source_ip, reason, ${stateText} as state,
  action_details, old_config, new_config, steps, error, undo_error, ends_as, attempts, verification, expires_at, created_at`;

const Row = z.object({
  id: z.string(),
  decision_id: z.string().nullable(),
  cause_id: z.string().nullable(),
  requested_by: z.string(),
  action_type: AdaptationType,
  severity: Severity,
  sensor: z.string(),
  session_id: z.string().nullable(),
  source_ip: z.string().nullable(),
  reason: z.string(),
  state: z.enum(['planned', 'dry_run', 'applied', 'verified', 'failed', 'undoing', 'undone']),
  action_details: AdaptationPlan.shape.details,
  old_config: FileSet.nullable(),
  new_config: FileSet.nullable(),
  steps: z.array(ActionStep),
  error: z.string().nullable(),
  undo_error: z.string().nullable(),
  ends_as: z.enum(['failed', 'undone']).nullable(),
  attempts: z.number(),
  verification: Sighting.nullable(),
  expires_at: z.date().nullable(),
  created_at: z.date(),
});

function toStored(row: unknown): StoredAction {
  const found = Row.parse(row);
  const {
    id,
    action_type: target,
    old_config,
    new_config,
    action_details,
    steps,
    error,
    attempts,
    verification,
  } = found;
  const { decision_id, severity, sensor, session_id, source_ip, reason } = found;
  return {
    ...{ id, kind: 'insert_trap', target, status: found.state, steps, error, attempts, verification },
    parameters: { sensor, adaptations: [target], ...(source_ip === null ? {} : { address: source_ip }) },
    plan:
      new_config && ({ old: old_config, new: new_config, details: action_details, lures: [] } satisfies AdaptationPlan),
    result: null,
    undoError: found.undo_error,
    endsAs: found.ends_as,
    expiresAt: found.expires_at,
    createdAt: found.created_at,
    cause: {
      // One that a visitor asked for himself follows from no decision.
      causeId: decision_id ?? found.cause_id ?? id,
      ...{ decisionId: decision_id, requestedBy: found.requested_by, reason, severity, sensor },
      ...{ sessionId: session_id, sourceIp: source_ip },
    },
  };
}
