import { join } from 'node:path';
import type { Role } from '@cerberusmesh/contract/api-tokens';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { defaultSettings } from '@cerberusmesh/contract/settings';
import { Registry } from 'prom-client';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { loadCatalogue } from '../../assess/attack/catalogue.ts';
import { openAllowList } from '../../compose/attacker-desk.ts';
import type { ComposedDecide } from '../../compose/compose-decide.ts';
import type { ComposedOversight } from '../../compose/compose-oversight.ts';
import type { Undo } from '../../compose/kill-switch.ts';
import { createReadRetention } from '../../compose/tell-retention.ts';
import { appendAudit } from '../../store/audit.ts';
import { createQueries } from '../../store/read/queries.ts';
import { openReadPool } from '../../store/read/reader.ts';
import { createSavedSearches } from '../../store/saved-searches.ts';
import { openSettings, type SettingsStore } from '../../store/settings.ts';
import { createTokens, type Tokens } from '../../store/tokens.ts';
import { type Api, defaultServeConfig, type ServeConfig, type ServeLog } from '../api.ts';
import type { ServeDeps } from '../deps.ts';
import { createFigures, type Figures } from '../figures.ts';
import { createHealthCheck, type WatchedSource } from '../health.ts';
import { createLedgers } from '../ledgers.ts';
import { createLiveBus, type LiveBus } from '../live/bus.ts';
import { createServer } from '../server.ts';
import type { WhoMay } from '../who/who-may.ts';
import { createTestClock, type TestClock } from './test-clock.ts';
import { composeTestOversight } from './test-oversight.ts';
import { composeTestWhoMay } from './test-people.ts';

export interface TestServer {
  readonly api: Api;
  readonly database: TestDatabase;
  readonly clock: TestClock;
  readonly bus: LiveBus;
  readonly tokens: Tokens;
  readonly who: WhoMay;
  readonly settings: SettingsStore;
  readonly figures: Figures;
  readonly oversight: ComposedOversight;
  readonly links: ComposedOversight['links'];
  readonly decider: ComposedDecide;
  /** A header set for each role. */
  readonly as: Readonly<Record<Role, { readonly authorization: string }>>;
  readonly secrets: Readonly<Record<Role, string>>;
  /** What the server logged as warning or worse. */
  readonly logged: readonly { readonly level: string; readonly fields: object; readonly sentence: string }[];
  close(): Promise<void>;
}

const projectDir = join(import.meta.dirname, '..', '..', '..', '..');

const analystOff = {
  state: 'off' as const,
  why: 'no model',
  provider: null,
  model: null,
  requests_this_hour: 0,
  requests_this_day: 0,
  tokens_this_hour: 0,
  tokens_this_day: 0,
  budget: null,
};

/** The real server on a real database of its own; `close` leaves nothing behind. */
export async function startTestServer(
  options: { readonly config?: Partial<ServeConfig>; readonly sources?: readonly WatchedSource[] } & {
    readonly undo?: readonly Undo[];
    /** Settings of who may sign in. */
    readonly env?: Readonly<Record<string, string>>;
  } & Partial<
      Pick<
        ServeDeps,
        'rollback' | 'actions' | 'artifacts' | 'managedKeys' | 'learning' | 'retryParked' | 'receiveLines' | 'health'
      >
    > = {},
): Promise<TestServer> {
  const database = await createTestDatabase();
  const clock = createTestClock(new Date('2026-11-22T12:00:00Z'));
  const reader = openReadPool(database.url);
  const queries = createQueries(reader);
  const tokens = createTokens({ database, clock });
  const { whoMay, lookup } = composeTestWhoMay({ database, clock, tokens, env: options.env ?? {} });
  const settings = await openSettings({ database, configured: defaultSettings });
  const registry = new Registry();
  const figures = createFigures({ registry, clock, outcomes: queries.readOutcomes });
  const bus = createLiveBus();
  const logged: { level: string; fields: object; sentence: string }[] = [];
  const watched = () => options.sources ?? [];
  const { oversight, links, decider } = await composeTestOversight({
    ...{ database, settings, clock, findApproval: queries.findApproval, undo: options.undo ?? [] },
  });
  const api = await createServer({
    config: { ...defaultServeConfig, ...options.config },
    version: '0.0.0-test',
    queries,
    tokens: lookup,
    who: whoMay,
    settings,
    attack: loadCatalogue(join(projectDir, 'policy', 'attack', 'catalogue.json')),
    dashboardDir: join(projectDir, 'dashboard', 'dist'),
    ledgers: createLedgers(queries.listSources, watched),
    health:
      options.health ??
      createHealthCheck({ ping: queries.ping, sources: watched, clock, startedAt: clock.now(), version: '0.0.0-test' }),
    status: async () => {
      const { jobsWaiting, jobsFailed, sensors } = await queries.readStatus();
      return {
        status: 'healthy',
        version: '0.0.0-test',
        started_at: clock.now().toISOString(),
        uptime_seconds: 0,
        roles: ['serve'],
        dry_run: false,
        auto_adaptation: settings.current().ENABLE_AUTO_ADAPTATION,
        model_version: null,
        policy_version: null,
        memory_bytes: 0,
        analyst: analystOff,
        jobs_waiting: jobsWaiting,
        jobs_failed: jobsFailed,
        sensors,
      };
    },
    figures: figures.read,
    metrics: registry,
    rollback: options.rollback ?? (async () => ({ kind: 'not_found' })),
    actions: options.actions ?? noActions,
    learning: options.learning ?? noLearning,
    managedKeys: options.managedKeys ?? noManagedKeys,
    oversight: oversight.desk,
    policyDesk: oversight.policyDesk,
    reportEffect: decider.effect.report,
    detectability: {
      list: async () => [],
      measure: async (sensor) => {
        throw new CerberusError('NOT_FOUND', sensor);
      },
    },
    channels: { channels: [], test: async () => undefined },
    readBlocklist: async () => [],
    retryParked: options.retryParked ?? (async () => ({ retried: 0, stored: 0, still_parked: 0 })),
    receiveLines:
      options.receiveLines ??
      (async ({ body }) => ({ bytes: body.length, skipped_bytes: 0, stored: 0, duplicate: 0, parked: 0 })),
    artifacts: options.artifacts ?? {
      list: async () => undefined,
      openRecording: async () => undefined,
      openArchive: async () => undefined,
    },
    savedSearches: createSavedSearches(database),
    readRetention: createReadRetention({ database, settings, clock, isArchived: false }),
    examine: async () => ({ sound: true, findings: [] }),
    attackerDesk: (await openAllowList(database)).desk(
      async (id) => (await (options.actions ?? noActions).undo(id)).kind === 'undone',
    ),
    sensorDesk: {
      invite: (sensor, actor) => noHub(sensor, actor),
      revoke: async () => false,
    },
    audit: (entry) => appendAudit(database.pool, entry),
    verifyAudit: async () => ({ sound: true, entries: 0, waiting: 0, decisions: 0, faults: [] }),
    bus,
    liveClients: figures.liveClients,
    clock,
    log: recordLog(logged),
  });
  const secrets = {
    sensor: (await tokens.create({ name: 's', role: 'sensor', expiresAt: null }, 'test')).secret,
    viewer: (await tokens.create({ name: 'v', role: 'viewer', expiresAt: null }, 'test')).secret,
    operator: (await tokens.create({ name: 'o', role: 'operator', expiresAt: null }, 'test')).secret,
    admin: (await tokens.create({ name: 'a', role: 'admin', expiresAt: null }, 'test')).secret,
  };
  return {
    ...{
      api,
      database,
      clock,
      bus,
      tokens,
      who: whoMay,
      settings,
      figures,
      secrets,
      logged,
      links,
      decider,
      oversight,
    },
    as: {
      sensor: { authorization: `Bearer ${secrets.sensor}` },
      viewer: { authorization: `Bearer ${secrets.viewer}` },
      operator: { authorization: `Bearer ${secrets.operator}` },
      admin: { authorization: `Bearer ${secrets.admin}` },
    },
    async close() {
      await api.close();
      await reader.close();
      await database.drop();
    },
  };
}

const noActions: ServeDeps['actions'] = {
  kinds: [],
  order: async () => undefined,
  undo: async () => ({ kind: 'not_found' }),
};

const noManagedKeys: ServeDeps['managedKeys'] = {
  list: async () => [],
  put: async (name) => {
    throw new CerberusError('NOT_FOUND', `This server keeps no keys, so not ${name} either.`);
  },
  remove: async () => false,
};

async function noHub(sensor: string, actor: string): Promise<never> {
  throw new CerberusError('NOT_FOUND', `This server is no hub, neither for ${sensor} nor for ${actor}.`);
}

const noLearning: ServeDeps['learning'] = {
  report: () => noModels(),
  findVersion: () => noModels(),
  train: () => noModels(),
  promote: () => noModels(),
  rollBack: () => noModels(),
  reassess: () => noModels(),
  giveFeedback: () => noModels(),
  listFeedback: async () => ({ data: [], next_cursor: null }),
};

async function noModels(): Promise<never> {
  throw new CerberusError('NOT_FOUND', 'This server has no models.');
}

function recordLog(logged: { level: string; fields: object; sentence: string }[]): ServeLog {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (fields, sentence) => void logged.push({ level: 'warn', fields, sentence }),
    error: (fields, sentence) => void logged.push({ level: 'error', fields, sentence }),
  };
}
