import { makeStateDir } from '../config/state-dir.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/reason-of.ts';
import { untilDone } from '../kit/retry.ts';
import { type Database, isDatabaseAway, openDatabase } from '../store/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../store/embedded/server.ts';
import { migrate } from '../store/migrate.ts';
import { openAuditChain } from './audit-chain.ts';

const lookMs = 3_000;

export interface DatabaseLog {
  info(fields: object, sentence: string): unknown;
  warn(fields: object, sentence: string): unknown;
}

export interface OpenDatabase extends Database {
  readonly url: string;
  /** Ours, on this machine; otherwise the one that was configured. */
  readonly isEmbedded: boolean;
}

/**
 * The configured PostgreSQL, or the embedded one, brought to this program's version. A server that is away is waited
 * for; `close` also stops the embedded server where nobody else uses it.
 */
export async function openConfiguredDatabase(options: {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: DatabaseLog;
  readonly role: string;
  readonly signal?: AbortSignal;
  /** The embedded one, where its start was begun before. */
  readonly server?: Promise<EmbeddedPostgres> | undefined;
}): Promise<OpenDatabase> {
  const { config, clock, log, role, signal } = options;
  makeStateDir(config.state.dir);
  const configured = config.database.url?.reveal();
  const server =
    configured === undefined
      ? await (options.server ?? startEmbeddedPostgres({ dataDir: config.state.dir, clock }))
      : undefined;
  if (server?.notice !== undefined) log.info({}, server.notice);
  const url = configured ?? server?.url ?? '';
  const database = openDatabase({ url, applicationName: `cerberus ${role}` });
  const closing = new AbortController();
  try {
    const { applied, version } = await untilDone(() => migrate(database), {
      clock,
      backoff: { firstMs: 200, maxMs: 10_000 },
      isRetriable: isDatabaseAway,
      onRetry: (error, _attempt, waitMs) =>
        log.warn({ err: error, waitMs }, `The database does not answer yet (${reasonOf(error)}); trying again.`),
      ...(signal === undefined ? {} : { signal }),
    });
    if (applied.length > 0) log.info({ applied, version }, 'The database was brought to this version.');
  } catch (error) {
    await close();
    throw error;
  }
  const watching = server && keepAlive(server, { clock, log, signal: closing.signal });
  return {
    ...database,
    url,
    isEmbedded: server !== undefined,
    async close() {
      closing.abort();
      await watching;
      // A command ends here, and what it did must not wait for an engine that may never be started again.
      const { chain } = await openAuditChain({
        database,
        stateDir: config.state.dir,
        clock,
        onFailure: () => undefined,
      });
      await chain().catch((error: unknown) => log.warn({ err: error }, 'The audit chain is brought up to date later.'));
      await close();
    },
  };

  async function close(): Promise<void> {
    await database.close();
    await server?.release();
  }
}

/** Nobody else starts the embedded server again; until it runs, whoever asks it waits and loses nothing. */
async function keepAlive(
  server: EmbeddedPostgres,
  { clock, log, signal }: { readonly clock: Clock; readonly log: DatabaseLog; readonly signal: AbortSignal },
): Promise<void> {
  for (;;) {
    await clock.sleep(lookMs, signal);
    if (signal.aborted) return;
    try {
      if (await server.revive()) log.warn({}, 'The embedded database had ended by itself, and was started again.');
    } catch (error) {
      log.warn({ err: error }, 'The embedded database ended and does not start; it is tried again, nothing is lost.');
    }
  }
}
