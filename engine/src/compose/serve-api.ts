import { join } from 'node:path';
import type { AnalystState, AnalystStatus } from '@cerberusmesh/contract/analysis';
import type { Registry } from 'prom-client';
import type { Adaptations } from '../act/adaptations.ts';
import { loadCatalogue } from '../assess/attack/catalogue.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { defaultServeConfig } from '../serve/api.ts';
import type { TokenLookup } from '../serve/authentication.ts';
import type { Figures } from '../serve/figures.ts';
import { addGauges } from '../serve/gauges.ts';
import { createHealthCheck, type WatchedSource } from '../serve/health.ts';
import { createLedgers } from '../serve/ledgers.ts';
import type { LiveBus } from '../serve/live/bus.ts';
import type { ActionDesk } from '../serve/routes/actions.ts';
import type { Oversight } from '../serve/routes/approvals.ts';
import type { Artifacts } from '../serve/routes/artifacts.ts';
import type { AttackerDesk } from '../serve/routes/attacker-desk.ts';
import type { Channels } from '../serve/routes/channels.ts';
import type { DetectabilityDesk } from '../serve/routes/detectability.ts';
import type { ReportEffect } from '../serve/routes/effect.ts';
import type { ReadBlocklist } from '../serve/routes/feeds.ts';
import type { ReceiveLines } from '../serve/routes/ingest.ts';
import type { LearningDesk } from '../serve/routes/learning.ts';
import type { ManagedKeys } from '../serve/routes/managed-keys.ts';
import type { PolicyDesk } from '../serve/routes/policy.ts';
import type { SensorDesk } from '../serve/routes/sensors.ts';
import type { RetryParked } from '../serve/routes/sources.ts';
import { createServer } from '../serve/server.ts';
import type { WhoMay } from '../serve/who/who-may.ts';
import { appendAudit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import type { Queries } from '../store/read/queries.ts';
import { createSavedSearches } from '../store/saved-searches.ts';
import type { SettingsStore } from '../store/settings.ts';
import { ensureApiPort } from './api-port.ts';
import type { AuditChain } from './audit-chain.ts';
import { createExamination } from './doctor/examine-once.ts';
import { projectDir, version } from './project.ts';
import { type Role, toldRoles } from './streams/roles.ts';
import { createReadRetention } from './tell-retention.ts';
import { warmFirstView } from './warm-first-view.ts';

export interface ServeParts {
  readonly role: Role;
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Pick<Log, 'debug' | 'info' | 'warn' | 'error'>;
  readonly database: Database;
  readonly queries: Queries;
  readonly lookup: TokenLookup;
  readonly who: WhoMay;
  readonly settings: SettingsStore;
  readonly audit: Pick<AuditChain, 'verify'>;
  readonly registry: Registry;
  readonly figures: Figures;
  readonly bus: LiveBus;
  readonly adaptations: Pick<Adaptations, 'rollback'>;
  readonly actions: ActionDesk;
  readonly learning: LearningDesk;
  readonly managedKeys: ManagedKeys;
  readonly oversight: Oversight;
  readonly policyDesk: PolicyDesk;
  readonly reportEffect: ReportEffect;
  readonly detectability: DetectabilityDesk;
  readonly channels: Channels;
  readonly readBlocklist: ReadBlocklist;
  readonly retryParked: RetryParked;
  readonly receiveLines: ReceiveLines;
  readonly sensorDesk: SensorDesk;
  readonly artifacts: Artifacts;
  readonly attackerDesk: AttackerDesk;
  readonly sources: () => readonly WatchedSource[];
  readonly policyVersion: () => string;
  readonly analyst: { state(): AnalystState; readStatus(): Promise<AnalystStatus> };
  readonly modelVersion: () => string | null;
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** The API on its configured address. @returns the address, and how to stop. */
export async function serveApi(parts: ServeParts): Promise<Served> {
  const { config, clock, log, queries, settings } = parts;
  const startedAt = clock.now();
  const health = createHealthCheck({
    ping: queries.ping,
    sources: parts.sources,
    analyst: parts.analyst.state,
    clock,
    startedAt,
    version,
  });
  addGauges({
    ...{ registry: parts.registry, clock, figures: parts.figures.read, sources: parts.sources },
    ...{ jobs: queries.readStatus, analyst: parts.analyst.readStatus },
  });
  const api = await createServer({
    config: {
      ...defaultServeConfig,
      host: config.http.host,
      port: config.http.port,
      corsOrigins: [config.http.corsOrigin],
      rateLimitMax: config.http.rateLimitMax,
      rateLimitWindowMinutes: config.http.rateLimitWindowSeconds / 60,
      tokenRateLimitMax: config.http.tokenRateLimitMax,
      eventsLimitDefault: config.agent.maxEvents,
      allowedHosts: config.http.allowedHosts,
    },
    version,
    queries,
    tokens: parts.lookup,
    who: parts.who,
    settings,
    dashboardDir: join(projectDir, 'dashboard', 'dist'),
    attack: loadCatalogue(join(projectDir, 'policy', 'attack', 'catalogue.json')),
    ledgers: createLedgers(queries.listSources, parts.sources),
    health,
    status: readStatus,
    figures: parts.figures.read,
    metrics: parts.registry,
    rollback: (id) => parts.adaptations.rollback(id),
    actions: parts.actions,
    learning: parts.learning,
    managedKeys: parts.managedKeys,
    oversight: parts.oversight,
    policyDesk: parts.policyDesk,
    reportEffect: parts.reportEffect,
    detectability: parts.detectability,
    channels: parts.channels,
    readBlocklist: parts.readBlocklist,
    retryParked: parts.retryParked,
    receiveLines: parts.receiveLines,
    sensorDesk: parts.sensorDesk,
    artifacts: parts.artifacts,
    attackerDesk: parts.attackerDesk,
    savedSearches: createSavedSearches(parts.database),
    readRetention: createReadRetention({
      ...{ database: parts.database, settings, clock, isArchived: config.database.archiveDir !== null },
    }),
    examine: createExamination(config, clock),
    audit: (entry) => appendAudit(parts.database.pool, entry),
    verifyAudit: parts.audit.verify,
    bus: parts.bus,
    liveClients: parts.figures.liveClients,
    clock,
    log,
  });
  const { host, port } = config.http;
  // Looked at when the start began; whoever took it since is told of in the same words.
  const url = await api.listen({ host, port }).catch(async (error: unknown) => {
    await ensureApiPort(config.http);
    throw error;
  });
  warmFirstView(queries, clock.now());
  return { url, close: () => api.close() };

  async function readStatus() {
    const [report, stored, analyst] = await Promise.all([health(), queries.readStatus(), parts.analyst.readStatus()]);
    return {
      status: report.status,
      version,
      started_at: startedAt.toISOString(),
      uptime_seconds: report.uptimeSeconds,
      roles: toldRoles(parts.role),
      dry_run: config.agent.dryRun,
      auto_adaptation: settings.current().ENABLE_AUTO_ADAPTATION,
      model_version: parts.modelVersion(),
      policy_version: parts.policyVersion(),
      memory_bytes: process.memoryUsage.rss(),
      analyst,
      jobs_waiting: stored.jobsWaiting,
      jobs_failed: stored.jobsFailed,
      sensors: stored.sensors,
    };
  }
}
