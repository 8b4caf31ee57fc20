import type { Account, Voucher } from '@cerberusmesh/contract/account';
import type { UserPatch, UserRecord, UserRole } from '@cerberusmesh/contract/api-users';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type pg from 'pg';
import type { Clock } from '../kit/clock.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { isoColumn } from './read/statement.ts';

export interface NewUser {
  readonly name: string;
  readonly role: UserRole;
  readonly voucher: Voucher | null;
}

/** Each change is told to the audit log in its own transaction. */
export interface Users {
  list(): Promise<UserRecord[]>;
  /** Capitals do not matter. */
  find(name: string): Promise<Account | undefined>;
  findBySession(sessionId: string): Promise<Account | undefined>;
  findByVoucher(voucher: Voucher): Promise<Account | undefined>;
  /** @throws CerberusError CONFLICT where the name is taken */
  create(user: NewUser, actor: string): Promise<Account>;
  /** Undefined where there is no such person. Who is disabled is signed out everywhere. @throws CerberusError CONFLICT for the last admin */
  change(name: string, patch: UserPatch, actor: string): Promise<UserRecord | undefined>;
  /** Signs him out everywhere but in `keptSession`. */
  setPassword(user: Account, hash: string, keptSession: string | null, actor: string): Promise<void>;
  /** Not asked for before it is confirmed. */
  offerTotp(user: Account, sealed: Uint8Array): Promise<void>;
  confirmTotp(user: Account, step: number, recoveryHashes: readonly Uint8Array[], actor: string): Promise<void>;
  dropTotp(user: Account, actor: string): Promise<void>;
  /** False where a code of this time step, or of a later one, was taken before. */
  takeTotpStep(user: Account, step: number): Promise<boolean>;
  /** False where it is none of his, or was used. */
  takeRecoveryCode(user: Account, hash: Uint8Array): Promise<boolean>;
}

export const accountColumns = `users.id, users.name, users.role, users.disabled_at is not null as "isDisabled",
  users.password_hash as "passwordHash", users.totp_sealed as "totpSealed",
  users.totp_since is not null as "totpConfirmed", cardinality(users.recovery_hashes) as "recoveryCodes"`;

const recordColumns = `name, role, oidc_issuer as single_sign_on, totp_since is not null as second_factor,
  case when disabled_at is not null then 'disabled'
       when password_hash is null and oidc_issuer is null then 'invited' else 'active' end as state,
  (select count(*)::int from user_sessions where user_id = users.id) as sessions,
  ${isoColumn('created_at')}, ${isoColumn('last_sign_in_at')}`;

/** People and their roles. Every change is audited in its transaction, and the last admin can neither go nor become less. */
export function createUsers({ database, clock }: { database: Database; clock: Pick<Clock, 'now'> }): Users {
  const { pool } = database;

  return {
    async list() {
      const { rows } = await pool.query<UserRecord>(`select ${recordColumns} from users order by lower(name)`);
      return rows;
    },
    find: (name) => findOne(`where lower(users.name) = lower($1)`, [name]),
    findBySession: (id) => findOne(`join user_sessions on user_id = users.id where user_sessions.id = $1`, [id]),
    findByVoucher: ({ issuer, subject }) =>
      findOne(`where users.oidc_issuer = $1 and users.oidc_subject = $2`, [issuer, subject]),
    create: (user, actor) =>
      database.transaction((client) => insertUser(client, { ...user, passwordHash: null }, clock.now(), actor)),

    async change(name, patch, actor) {
      return await database.transaction(async (client) => {
        const before = await client.query(
          `select from users where lower(name) = lower($1) and role = 'admin' and disabled_at is null for update`,
          [name],
        );
        const { rows } = await client.query<UserRecord & { id: string }>(
          `update users set role = coalesce($2, role),
                  disabled_at = case when $3::boolean then coalesce(disabled_at, $4) when not $3 then null else disabled_at end
            where lower(name) = lower($1) returning id, ${recordColumns}`,
          [name, patch.role ?? null, patch.disabled ?? null, clock.now()],
        );
        const [changed] = rows;
        if (changed === undefined) return undefined;
        if (before.rowCount === 1) await demandAnAdmin(client);
        if (patch.disabled === true) await client.query('delete from user_sessions where user_id = $1', [changed.id]);
        await appendAudit(client, { actor, action: 'user.change', subject: changed.name, details: { ...patch } });
        return changed;
      });
    },

    async setPassword(user, hash, keptSession, actor) {
      await database.transaction(async (client) => {
        await writePassword(client, user, hash, actor);
        await client.query('delete from user_sessions where user_id = $1 and id is distinct from $2', [
          user.id,
          keptSession,
        ]);
      });
    },

    async offerTotp(user, sealed) {
      await pool.query('update users set totp_sealed = $2 where id = $1 and totp_since is null', [
        user.id,
        Buffer.from(sealed),
      ]);
    },

    async confirmTotp(user, step, recoveryHashes, actor) {
      await database.transaction(async (client) => {
        await client.query('update users set totp_since = $2, totp_step = $3, recovery_hashes = $4 where id = $1', [
          user.id,
          clock.now(),
          step,
          recoveryHashes.map((hash) => Buffer.from(hash)),
        ]);
        await appendAudit(client, { actor, action: 'user.second_factor', subject: user.name, details: { on: true } });
      });
    },

    async dropTotp(user, actor) {
      await database.transaction(async (client) => {
        await client.query(
          `update users set totp_sealed = null, totp_since = null, recovery_hashes = '{}' where id = $1`,
          [user.id],
        );
        await appendAudit(client, { actor, action: 'user.second_factor', subject: user.name, details: { on: false } });
      });
    },

    async takeTotpStep(user, step) {
      const { rowCount } = await pool.query('update users set totp_step = $2 where id = $1 and totp_step < $2', [
        user.id,
        step,
      ]);
      return rowCount === 1;
    },

    async takeRecoveryCode(user, hash) {
      const { rowCount } = await pool.query(
        `update users set recovery_hashes = array_remove(recovery_hashes, $2)
          where id = $1 and $2 = any (recovery_hashes)`,
        [user.id, Buffer.from(hash)],
      );
      return rowCount === 1;
    },
  };

  async function findOne(which: string, values: readonly unknown[]): Promise<Account | undefined> {
    const { rows } = await pool.query<Account>(`select ${accountColumns} from users ${which}`, [...values]);
    return rows[0];
  }
}

/** @throws CerberusError CONFLICT where the name is taken */
export async function insertUser(
  client: pg.PoolClient,
  { name, role, voucher, passwordHash }: NewUser & { readonly passwordHash: string | null },
  now: Date,
  actor: string,
): Promise<Account> {
  const { rows } = await client.query<Account>(
    `insert into users (name, role, oidc_issuer, oidc_subject, password_hash, created_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (lower(name)) do nothing returning ${accountColumns}`,
    [name, role, voucher?.issuer ?? null, voucher?.subject ?? null, passwordHash, now],
  );
  const [made] = rows;
  if (made === undefined) throw new CerberusError('CONFLICT', `The name ${name} is taken.`);
  await appendAudit(client, { actor, action: 'user.create', subject: name, details: { role, ...voucher } });
  return made;
}

/** Audited in the same transaction. */
export async function writePassword(client: pg.PoolClient, user: Account, hash: string, actor: string): Promise<void> {
  await client.query('update users set password_hash = $2 where id = $1', [user.id, hash]);
  await appendAudit(client, { actor, action: 'user.password', subject: user.name, details: {} });
}

/** Once there was one; an installation without people goes by tokens. */
async function demandAnAdmin(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query(`select 1 from users where role = 'admin' and disabled_at is null limit 1`);
  if (rows.length === 0) throw new CerberusError('CONFLICT', 'This is the last admin; make another one first.');
}
