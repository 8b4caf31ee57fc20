import {
  type AllowedNetwork,
  type AllowRequest,
  type AttackerNote,
  allowedNetworksMax,
} from '@cerberusmesh/contract/api-attacker-desk';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { isoColumn } from './read/statement.ts';

export const noteColumns = `id, text, written_by, ${isoColumn('written_at')}`;
export const allowedColumns = `id, network::text as network, reason, added_by, ${isoColumn('added_at')}`;

/** What people say about attackers: notes, and networks that are left alone. Each change is audited with it. */
export function createAttackerDeskStore(database: Database) {
  return {
    async addNote(address: string, text: string, actor: string): Promise<AttackerNote> {
      return await database.transaction(async (client) => {
        const { rows } = await client.query<AttackerNote>(
          `insert into attacker_notes (ip_address, text, written_by) values ($1, $2, $3) returning ${noteColumns}`,
          [address, text, actor],
        );
        const [note] = rows;
        if (note === undefined) throw new Error('An insert gave no row.');
        await appendAudit(client, { actor, action: 'attacker.note', subject: address, details: { id: note.id, text } });
        return note;
      });
    },

    async listAllowed(): Promise<AllowedNetwork[]> {
      const { rows } = await database.pool.query<AllowedNetwork>(
        `select ${allowedColumns} from allowed_networks order by allowed_networks.network`,
      );
      return rows;
    },

    /** Of one that is there already the reason is replaced. @throws CerberusError CONFLICT where there are `allowedNetworksMax`. */
    async allow({ network, reason }: AllowRequest, actor: string): Promise<AllowedNetwork> {
      return await database.transaction(async (client) => {
        const { rows } = await client.query<AllowedNetwork>(
          `insert into allowed_networks (network, reason, added_by)
           select network($1::inet), $2, $3 where (select count(*) from allowed_networks) < ${allowedNetworksMax}
           on conflict (network) do update set reason = excluded.reason
           returning ${allowedColumns}`,
          [network, reason, actor],
        );
        const [allowed] = rows;
        if (allowed === undefined)
          throw new CerberusError(
            'CONFLICT',
            `${allowedNetworksMax} networks are allowed already; take one away first.`,
          );
        await appendAudit(client, { actor, action: 'network.allow', subject: allowed.network, details: { reason } });
        return allowed;
      });
    },

    /** False where there is none of this id. */
    async forbid(id: string, actor: string): Promise<boolean> {
      return await database.transaction(async (client) => {
        const { rows } = await client.query<{ network: string }>(
          'delete from allowed_networks where id = $1 returning network::text as network',
          [id],
        );
        const [gone] = rows;
        if (gone === undefined) return false;
        await appendAudit(client, { actor, action: 'network.forbid', subject: gone.network, details: {} });
        return true;
      });
    },

    /** Blocks of attackers in this network that stand or are about to. */
    async findBlocks(network: string): Promise<string[]> {
      const { rows } = await database.pool.query<{ id: string }>(
        `select id from actions
          where kind = 'lock_down' and status in ('waiting', 'planned', 'applied', 'verified', 'undoing')
            and address_within(substr(target, length('attacker ') + 1), $1::inet)`,
        [network],
      );
      return rows.map(({ id }) => id);
    },
  };
}
