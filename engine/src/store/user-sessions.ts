import { createHash, randomBytes } from 'node:crypto';
import type { Account } from '@cerberusmesh/contract/account';
import type { Identity } from '@cerberusmesh/contract/api-tokens';
import type { UserRole } from '@cerberusmesh/contract/api-users';
import type { Clock } from '../kit/clock.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { createPoolGuard } from './pool-fault.ts';

const minuteMs = 60_000;
const idleMs = 12 * 60 * minuteMs;
const lifetimeMs = 7 * 24 * 60 * minuteMs;
export const sessionSecretPattern = /^cs_[A-Za-z0-9_-]{43}$/;

/** Where people are signed in. */
export interface UserSessions {
  /** The secret is in the answer and nowhere else. `how`: password, second factor, link or the provider's name. */
  open(user: Account, address: string, how: string): Promise<string>;
  /** Who holds this secret; undefined where nobody does (any more). @throws CerberusError DATABASE_AWAY, DATABASE_BUSY */
  verify(secret: string): Promise<Identity | undefined>;
  isValid(sessionId: string): Promise<boolean>;
  end(sessionId: string, actor: string): Promise<void>;
  /** Removes what ran out; call now and then. */
  sweep(): Promise<void>;
}

/** Who is signed in; of a cookie's secret only its hash is stored. */
export function createUserSessions({
  database,
  clock,
}: {
  database: Database;
  clock: Pick<Clock, 'now'>;
}): UserSessions {
  const { pool } = database;
  const guarded = createPoolGuard(pool, 'Sessions cannot be looked up.');
  const isOpen = `user_sessions.last_used_at > $2 and user_sessions.created_at > $3 and users.disabled_at is null`;

  return {
    async open(user, address, how) {
      const secret = `cs_${randomBytes(32).toString('base64url')}`;
      const now = clock.now();
      await database.transaction(async (client) => {
        await client.query(
          `insert into user_sessions (user_id, secret_hash, created_at, last_used_at, address) values ($1, $2, $3, $3, $4)`,
          [user.id, hashOf(secret), now, address],
        );
        await client.query('update users set last_sign_in_at = $2 where id = $1', [user.id, now]);
        const details = { how, address };
        await appendAudit(client, { actor: `user:${user.name}`, action: 'user.sign_in', subject: user.name, details });
      });
      return secret;
    },

    async verify(secret) {
      if (!sessionSecretPattern.test(secret)) return undefined;
      const now = clock.now().getTime();
      const { rows } = await guarded(
        pool.query<{ id: string; name: string; role: UserRole; used: Date }>(
          `select user_sessions.id, users.name, users.role, user_sessions.last_used_at as used
             from user_sessions join users on users.id = user_id where secret_hash = $1 and ${isOpen}`,
          [hashOf(secret), new Date(now - idleMs), new Date(now - lifetimeMs)],
        ),
      );
      const [session] = rows;
      if (session === undefined) return undefined;
      // At most one write a minute, however much a page asks.
      if (now - session.used.getTime() > minuteMs)
        await guarded(
          pool.query('update user_sessions set last_used_at = $2 where id = $1', [session.id, new Date(now)]),
        );
      return { kind: 'user', id: session.id, name: session.name, role: session.role, scopes: null };
    },

    async isValid(sessionId) {
      const now = clock.now().getTime();
      const { rowCount } = await guarded(
        pool.query(
          `select 1 from user_sessions join users on users.id = user_id where user_sessions.id = $1 and ${isOpen}`,
          [sessionId, new Date(now - idleMs), new Date(now - lifetimeMs)],
        ),
      );
      return rowCount === 1;
    },

    async end(sessionId, actor) {
      await database.transaction(async (client) => {
        const { rowCount } = await client.query('delete from user_sessions where id = $1', [sessionId]);
        if (rowCount === 1) await appendAudit(client, { actor, action: 'user.sign_out', subject: actor, details: {} });
      });
    },

    async sweep() {
      const now = clock.now();
      await pool.query('delete from user_sessions where last_used_at < $1 or created_at < $2', [
        new Date(now.getTime() - idleMs),
        new Date(now.getTime() - lifetimeMs),
      ]);
      await pool.query('delete from user_links where expires_at < $1', [now]);
    },
  };
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
