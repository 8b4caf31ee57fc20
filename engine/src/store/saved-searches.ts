import { type SavedSearch, type SaveSearch, savedSearchesMax } from '@cerberusmesh/contract/api-searches';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Database } from './database.ts';
import { isoColumn } from './read/statement.ts';

const columns = `id, list, name, q, columns, ${isoColumn('created_at')}`;

/** Searches that somebody wants to have again; each sees his own. */
export function createSavedSearches({ pool }: Database) {
  return {
    /** By name. */
    async list(owner: string): Promise<SavedSearch[]> {
      const { rows } = await pool.query<SavedSearch>(
        `select ${columns} from saved_searches where owner = $1 order by list, name`,
        [owner],
      );
      return rows;
    },

    /** Replaces one of the same name. @throws CerberusError CONFLICT where the owner has `savedSearchesMax`. */
    async save(owner: string, { list, name, q, columns: shown }: SaveSearch): Promise<SavedSearch> {
      const { rows } = await pool.query<SavedSearch>(
        `insert into saved_searches (owner, list, name, q, columns)
         select $1, $2, $3, $4, $5
          where (select count(*) from saved_searches where owner = $1 and (list, name) <> ($2, $3)) < ${savedSearchesMax}
         on conflict (owner, list, name) do update set q = excluded.q, columns = excluded.columns
         returning ${columns}`,
        [owner, list, name, q, shown],
      );
      const [saved] = rows;
      if (saved !== undefined) return saved;
      throw new CerberusError('CONFLICT', `You have ${savedSearchesMax} saved searches; take one away first.`);
    },

    /** False where he has none of this id. */
    async remove(owner: string, id: string): Promise<boolean> {
      const { rowCount } = await pool.query('delete from saved_searches where owner = $1 and id = $2', [owner, id]);
      return rowCount === 1;
    },
  };
}
