import { makeStateDir } from '../config/state-dir.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../store/embedded/server.ts';
import { ensureApiPort } from './api-port.ts';
import { type BegunDecoys, beginDecoys, noDecoys } from './decoys.ts';
import { dutiesOf, type Role } from './streams/roles.ts';

/** The processes that an engine needs beside itself, on their way. */
export interface HeadStart {
  /** Aborting it stops the decoys, and all that the engine began on it. */
  readonly stopping: AbortController;
  readonly decoys: BegunDecoys;
  /** The embedded database; undefined where another one is configured. Rejects with CerberusError DATABASE_AWAY. */
  readonly server: Promise<EmbeddedPostgres> | undefined;
}

/**
 * Begins the decoy, which needs a second or two of a processor, and the embedded database. It imports next to nothing, so that
 * they come up on another core while this one loads the rest of the program: measured, that takes 1.4 s in which nothing else is
 * done here. It returns when both are under way.
 * @throws CerberusError BAD_CONFIGURATION where the API's port is taken: then nothing was begun.
 */
export async function giveHeadStart(options: {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly role?: Role;
}): Promise<HeadStart> {
  const { config, clock, log, role = 'up' } = options;
  await ensureApiPort(config.http);
  makeStateDir(config.state.dir);
  const stopping = new AbortController();
  const decoys = dutiesOf[role].reads ? beginDecoys({ config, clock, log }, stopping.signal) : async () => noDecoys;
  if (config.database.url !== null) return { stopping, decoys, server: undefined };
  const spawned = Promise.withResolvers<void>();
  const server = startEmbeddedPostgres({ dataDir: config.state.dir, clock, onSpawned: spawned.resolve });
  // Whoever opens the database hears of a failure; until then it must not end the program.
  await Promise.race([spawned.promise, server.catch(() => undefined)]);
  return { stopping, decoys, server };
}

/** Ends what was begun where nothing came of the rest. */
export async function abandon({ stopping, server }: HeadStart): Promise<void> {
  stopping.abort();
  await server?.then((started) => started.release()).catch(() => undefined);
}
