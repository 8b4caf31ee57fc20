import { createHash, randomBytes } from 'node:crypto';
import {
  type Identity,
  type Role,
  type Scope,
  type TokenRecord,
  tokenPattern,
} from '@cerberusmesh/contract/api-tokens';
import type pg from 'pg';
import type { Clock } from '../kit/clock.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { createPoolGuard } from './pool-fault.ts';
import { isoColumn } from './read/statement.ts';

const minuteMs = 60_000;
const recordColumns = `id, name, role, scopes, sensor, created_by, ${['created_at', 'expires_at', 'revoked_at', 'last_used_at'].map((column) => isoColumn(column)).join(', ')}`;

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  /** Null: until it is revoked. */
  readonly expiresAt: Date | null;
  /** The only parts of the API that it may ask; absent for all that its role may. */
  readonly scopes?: readonly Scope[];
  /** Whose lines it pushes, whatever they say. */
  readonly sensor?: string;
}

export interface Tokens {
  /** The secret is in the answer and nowhere else: the table keeps its hash. */
  create(token: NewToken, actor: string): Promise<{ readonly secret: string; readonly record: TokenRecord }>;
  /** Who holds this secret; undefined where nobody does (any more). @throws CerberusError DATABASE_AWAY, DATABASE_BUSY */
  verify(secret: string): Promise<Identity | undefined>;
  /** Whether a token that was verified before is still good, for connections that last. */
  isValid(tokenId: string): Promise<boolean>;
  /** Newest first; the revoked and expired ones too. */
  list(): Promise<TokenRecord[]>;
  /** By id or by name; a name revokes all that bear it. Answers how many. */
  revoke(idOrName: string, actor: string): Promise<number>;
  /** How many could log in now. */
  countValid(): Promise<number>;
}

/** The tokens of programs, in `api_tokens`; of a secret only its hash is stored. Every call asks the database. */
export function createTokens({ database, clock }: { database: Database; clock: Clock }): Tokens {
  const { pool } = database;
  const guarded = createPoolGuard(pool, 'Tokens cannot be looked up.');

  return {
    async create(token, actor) {
      const secret = `cm_${randomBytes(32).toString('base64url')}`;
      const record = await database.transaction(async (client) => {
        const created = await insertToken(client, token, hashOf(secret), clock.now(), actor);
        await appendAudit(client, {
          actor,
          action: 'token.create',
          subject: created.id,
          details: {
            name: token.name,
            role: token.role,
            scopes: token.scopes ?? null,
            sensor: token.sensor ?? null,
            expiresAt: token.expiresAt,
          },
        });
        return created;
      });
      return { secret, record };
    },

    async verify(secret) {
      if (!tokenPattern.test(secret)) return undefined;
      const now = clock.now();
      const minuteAgo = new Date(now.getTime() - minuteMs);
      const { rows } = await guarded(
        pool.query<{
          id: string;
          name: string;
          role: Role;
          scopes: Scope[] | null;
          sensor: string | null;
          is_fresh: boolean;
        }>(
          `select id, name, role, scopes, sensor, coalesce(last_used_at > $2, false) as is_fresh
             from api_tokens
            where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $3)`,
          [hashOf(secret), minuteAgo, now],
        ),
      );
      const [token] = rows;
      if (token === undefined) return undefined;
      // At most one write a minute and token, however often it is used.
      if (!token.is_fresh) await guarded(touchToken(pool, token.id, now, minuteAgo));
      const { id, name, role, scopes, sensor } = token;
      return { kind: 'token', id, name, role, scopes, ...(sensor === null ? {} : { sensor }) };
    },

    async isValid(tokenId) {
      const { rowCount } = await guarded(
        pool.query(
          'select 1 from api_tokens where id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)',
          [tokenId, clock.now()],
        ),
      );
      return rowCount === 1;
    },

    async list() {
      const { rows } = await guarded(
        pool.query<TokenRecord>(`select ${recordColumns} from api_tokens order by api_tokens.created_at desc, id`),
      );
      return rows;
    },

    async revoke(idOrName, actor) {
      return await database.transaction(async (client) => {
        const { rows } = await client.query<{ id: string; name: string }>(
          `update api_tokens set revoked_at = $2 where (id::text = lower($1) or name = $1) and revoked_at is null
           returning id, name`,
          [idOrName, clock.now()],
        );
        for (const { id, name } of rows) {
          await appendAudit(client, { actor, action: 'token.revoke', subject: id, details: { name } });
        }
        return rows.length;
      });
    },

    async countValid() {
      const { rows } = await guarded(
        pool.query<{ tokens: number }>(
          `select count(*)::int as tokens from api_tokens
            where revoked_at is null and (expires_at is null or expires_at > $1)`,
          [clock.now()],
        ),
      );
      return rows[0]?.tokens ?? 0;
    },
  };
}

/** Of 256 random bits, so a slow hash would add nothing. */
function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

async function insertToken(
  client: pg.PoolClient,
  token: NewToken,
  hash: Buffer,
  now: Date,
  actor: string,
): Promise<TokenRecord> {
  const { rows } = await client.query<TokenRecord>(
    `insert into api_tokens (name, role, scopes, token_hash, created_at, expires_at, created_by, sensor)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${recordColumns}`,
    [token.name, token.role, token.scopes ?? null, hash, now, token.expiresAt, actor, token.sensor ?? null],
  );
  const [record] = rows;
  if (record === undefined) throw new Error('insert into api_tokens returned no row');
  return record;
}

/** A use after half a day of rest counts as a login, and is told to the audit log in the same statement. */
async function touchToken(pool: pg.Pool, id: string, now: Date, minuteAgo: Date): Promise<void> {
  await pool.query(
    `with before as (
       select name, role, last_used_at from api_tokens where id = $1),
     touched as (
       update api_tokens set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at <= $3)
       returning id)
     insert into audit_log (actor, action, subject, details)
     select 'token:' || name, 'token.login', id::text, jsonb_build_object('role', role, 'first', last_used_at is null)
       from before, touched
      where last_used_at is null or last_used_at < $2::timestamptz - interval '12 hours'`,
    [id, now, minuteAgo],
  );
}
