import { join } from 'node:path';
import type { Role } from '@cerberusmesh/contract/api-tokens';
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
import { absentParts, createTestStatus, testVersion } from './absent-parts.ts';
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

type HandedIn =
  | 'rollback'
  | 'actions'
  | 'artifacts'
  | 'channels'
  | 'managedKeys'
  | 'learning'
  | 'retryParked'
  | 'receiveLines'
  | 'health';

/** What a test does not hand in is absent: see `absentParts`. */
export interface TestServerOptions extends Partial<Pick<ServeDeps, HandedIn>> {
  readonly config?: Partial<ServeConfig>;
  readonly sources?: readonly WatchedSource[];
  readonly undo?: readonly Undo[];
  /** Settings of who may sign in. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The real server on a real database of its own; `close` leaves nothing behind. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { config, sources = [], undo = [], env = {}, ...handedIn } = options;
  const database = await createTestDatabase();
  const clock = createTestClock(new Date('2026-11-22T12:00:00Z'));
  const reader = openReadPool(database.url);
  const queries = createQueries(reader);
  const tokens = createTokens({ database, clock });
  const { whoMay, lookup } = composeTestWhoMay({ database, clock, tokens, env });
  const settings = await openSettings({ database, configured: defaultSettings });
  const registry = new Registry();
  const figures = createFigures({ registry, clock, outcomes: queries.readOutcomes });
  const bus = createLiveBus();
  const logged: { level: string; fields: object; sentence: string }[] = [];
  const watched = () => sources;
  const { oversight, links, decider } = await composeTestOversight({
    ...{ database, settings, clock, findApproval: queries.findApproval, undo },
  });
  const api = await createServer({
    config: { ...defaultServeConfig, ...config },
    version: testVersion,
    queries,
    tokens: lookup,
    who: whoMay,
    settings,
    attack: loadCatalogue(join(projectDir, 'policy', 'attack', 'catalogue.json')),
    dashboardDir: join(projectDir, 'dashboard', 'dist'),
    ledgers: createLedgers(queries.listSources, watched),
    health: createHealthCheck({
      ping: queries.ping,
      sources: watched,
      clock,
      startedAt: clock.now(),
      version: testVersion,
    }),
    status: createTestStatus({ queries, settings, clock }),
    figures: figures.read,
    metrics: registry,
    ...absentParts,
    ...handedIn,
    oversight: oversight.desk,
    policyDesk: oversight.policyDesk,
    reportEffect: decider.effect.report,
    savedSearches: createSavedSearches(database),
    readRetention: createReadRetention({ database, settings, clock, isArchived: false, parkedMb: 1024 }),
    attackerDesk: (await openAllowList(database)).desk(
      async (id) => (await (handedIn.actions ?? absentParts.actions).undo(id)).kind === 'undone',
    ),
    audit: (entry) => appendAudit(database.pool, entry),
    bus,
    liveClients: figures.liveClients,
    clock,
    log: recordLog(logged),
  });
  const secrets = {
    sensor: await makeSecret(tokens, 'sensor'),
    viewer: await makeSecret(tokens, 'viewer'),
    operator: await makeSecret(tokens, 'operator'),
    admin: await makeSecret(tokens, 'admin'),
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

async function makeSecret(tokens: Tokens, role: Role): Promise<string> {
  return (await tokens.create({ name: role.charAt(0), role, expiresAt: null }, 'test')).secret;
}

function recordLog(logged: { level: string; fields: object; sentence: string }[]): ServeLog {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (fields, sentence) => void logged.push({ level: 'warn', fields, sentence }),
    error: (fields, sentence) => void logged.push({ level: 'error', fields, sentence }),
  };
}
