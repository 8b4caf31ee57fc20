import { createHash, randomBytes } from 'node:crypto';
import type { Account, OpenLink } from '@cerberusmesh/contract/account';
import type { Clock } from '../kit/clock.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { accountColumns, insertUser, writePassword } from './users.ts';

const hourMs = 3_600_000;
const actor = 'link';

/** Links that let a person choose a password, once. */
export interface UserLinks {
  /** `user` null: whoever opens it becomes the first admin. A new link takes the place of the one before. */
  make(
    user: Account | null,
    hours: number,
    actor: string,
  ): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  find(token: string): Promise<OpenLink | undefined>;
  /** Uses it up. `name` counts for the first admin only. Undefined where somebody was faster. */
  use(token: string, name: string, passwordHash: string): Promise<Account | undefined>;
}

/** Links by which a person chooses his password: each for one account, of limited life, and used once. */
export function createUserLinks({ database, clock }: { database: Database; clock: Pick<Clock, 'now'> }): UserLinks {
  return {
    async make(user, hours, maker) {
      const token = randomBytes(32).toString('base64url');
      const now = clock.now();
      const expiresAt = new Date(now.getTime() + hours * hourMs);
      await database.transaction(async (client) => {
        await client.query('delete from user_links where user_id is not distinct from $1', [user?.id ?? null]);
        await client.query(
          'insert into user_links (token_hash, user_id, created_at, expires_at) values ($1, $2, $3, $4)',
          [hashOf(token), user?.id ?? null, now, expiresAt],
        );
        const subject = user?.name ?? 'the first admin';
        await appendAudit(client, { actor: maker, action: 'user.link', subject, details: { hours } });
      });
      return { token, expiresAt };
    },

    async find(token) {
      const { rows } = await database.pool.query<Account & { expiresAt: Date; isForNobody: boolean }>(
        `select ${accountColumns}, user_links.expires_at as "expiresAt", user_id is null as "isForNobody"
           from user_links left join users on users.id = user_id
          where token_hash = $1 and expires_at > $2 and users.disabled_at is null`,
        [hashOf(token), clock.now()],
      );
      const [found] = rows;
      if (found === undefined) return undefined;
      const { expiresAt, isForNobody, ...account } = found;
      return { account: isForNobody ? null : account, expiresAt };
    },

    async use(token, name, passwordHash) {
      const now = clock.now();
      return await database.transaction(async (client) => {
        const { rows } = await client.query<{ user_id: string | null }>(
          'delete from user_links where token_hash = $1 and expires_at > $2 returning user_id',
          [hashOf(token), now],
        );
        const [link] = rows;
        if (link === undefined) return undefined;
        if (link.user_id === null) {
          // Of two links that were printed only one makes the first admin.
          const { rowCount } = await client.query('select 1 from users limit 1');
          if (rowCount !== 0) return undefined;
          return await insertUser(client, { name, role: 'admin', voucher: null, passwordHash }, now, actor);
        }
        const { rows: people } = await client.query<Account>(
          `select ${accountColumns} from users where id = $1 and disabled_at is null for update`,
          [link.user_id],
        );
        const [user] = people;
        if (user === undefined) return undefined;
        await writePassword(client, user, passwordHash, actor);
        await client.query('delete from user_sessions where user_id = $1', [user.id]);
        return user;
      });
    },
  };
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
