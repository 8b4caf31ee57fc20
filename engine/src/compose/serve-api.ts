import { join } from 'node:path';
import type { AnalystState } from '@cerberusmesh/contract/analysis';
import type { Adaptations } from '../act/adaptations.ts';
import { loadCatalogue } from '../assess/attack/catalogue.ts';
import type { Config } from '../config.ts';
import { defaultServeConfig, type ServeConfig } from '../serve/api.ts';
import type { TokenLookup } from '../serve/authentication.ts';
import type { ServeDeps } from '../serve/deps.ts';
import { addGauges } from '../serve/gauges.ts';
import { createHealthCheck, type WatchedSource } from '../serve/health.ts';
import { createLedgers } from '../serve/ledgers.ts';
import { createServer } from '../serve/server.ts';
import { appendAudit } from '../store/audit.ts';
import { createSavedSearches } from '../store/saved-searches.ts';
import { ensureApiPort } from './api-port.ts';
import { createExamination } from './doctor/examine-once.ts';
import type { Ground } from './ground.ts';
import { projectDir, version } from './project.ts';
import { createReadRetention } from './tell-retention.ts';
import { createReadStatus, type StatusParts } from './tell-status.ts';
import { warmFirstView } from './warm-first-view.ts';

type OfGround = 'clock' | 'log' | 'database' | 'audit' | 'registry' | 'figures' | 'bus';

/** What the parts of the engine answer to the API, handed on as it is. */
type Desks =
  | 'who'
  | 'actions'
  | 'learning'
  | 'managedKeys'
  | 'oversight'
  | 'policyDesk'
  | 'reportEffect'
  | 'detectability'
  | 'channels'
  | 'readBlocklist'
  | 'retryParked'
  | 'receiveLines'
  | 'sensorDesk'
  | 'artifacts'
  | 'attackerDesk';

export interface ServeParts extends Pick<Ground, OfGround>, Pick<ServeDeps, Desks>, StatusParts {
  readonly lookup: TokenLookup;
  readonly adaptations: Pick<Adaptations, 'rollback'>;
  readonly analyst: StatusParts['analyst'] & { state(): AnalystState };
  readonly sources: () => readonly WatchedSource[];
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** The API on its configured address. @returns the address, and how to stop. */
export async function serveApi(parts: ServeParts): Promise<Served> {
  const { config, clock, database, queries, settings, figures, registry, sources, analyst } = parts;
  const startedAt = clock.now();
  const health = createHealthCheck({ ping: queries.ping, sources, analyst: analyst.state, clock, startedAt, version });
  addGauges({
    ...{ registry, clock, figures: figures.read, sources },
    ...{ jobs: queries.readStatus, analyst: analyst.readStatus },
  });
  const api = await createServer({
    ...parts,
    config: serveConfigOf(config),
    version,
    tokens: parts.lookup,
    dashboardDir: join(projectDir, 'dashboard', 'dist'),
    attack: loadCatalogue(join(projectDir, 'policy', 'attack', 'catalogue.json')),
    ledgers: createLedgers(queries.listSources, sources),
    health,
    status: createReadStatus(parts, startedAt, health),
    figures: figures.read,
    metrics: registry,
    liveClients: figures.liveClients,
    rollback: (id) => parts.adaptations.rollback(id),
    savedSearches: createSavedSearches(database),
    readRetention: createReadRetention({
      ...{ database, settings, clock, parkedMb: config.database.parkedMb },
      isArchived: config.database.archiveDir !== null,
    }),
    examine: createExamination(config, clock),
    audit: (entry) => appendAudit(database.pool, entry),
    verifyAudit: parts.audit.verify,
  });
  const { host, port } = config.http;
  // Looked at when the start began; whoever took it since is told of in the same words.
  const url = await api.listen({ host, port }).catch(async (error: unknown) => {
    await ensureApiPort(config.http);
    throw error;
  });
  warmFirstView(queries, clock.now());
  return { url, close: () => api.close() };
}

function serveConfigOf(config: Config): ServeConfig {
  const { host, port, corsOrigin, rateLimitMax, rateLimitWindowSeconds, tokenRateLimitMax, allowedHosts } = config.http;
  return {
    ...defaultServeConfig,
    ...{ host, port, rateLimitMax, tokenRateLimitMax, allowedHosts },
    corsOrigins: [corsOrigin],
    rateLimitWindowMinutes: rateLimitWindowSeconds / 60,
    eventsLimitDefault: config.agent.maxEvents,
  };
}
