import { makeStateDir } from '../../config/state-dir.ts';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import { openDatabase } from '../../store/database.ts';
import { startEmbeddedPostgres } from '../../store/embedded/server.ts';
import { giveUpWaiting } from '../give-up-waiting.ts';
import type { OpenDatabase } from '../open-database.ts';

/**
 * The configured PostgreSQL, or the embedded one, as it is: not brought to this program's version, and not waited for.
 * @throws CerberusError DATABASE_AWAY
 */
export async function openAsItIs(config: Config, clock: Clock): Promise<OpenDatabase> {
  makeStateDir(config.state.dir);
  const configured = config.database.url?.reveal();
  const server =
    configured === undefined ? await startEmbeddedPostgres({ dataDir: config.state.dir, clock }) : undefined;
  const url = configured ?? server?.url ?? '';
  const database = openDatabase({ url, applicationName: 'cerberus backup', connectionsMax: 2 });
  const open = {
    ...{ ...database, url, isEmbedded: server !== undefined },
    async close() {
      await database.close();
      await server?.release();
    },
  };
  try {
    await database.pool.query('select 1');
    return open;
  } catch (error) {
    await open.close();
    return giveUpWaiting(error);
  }
}
