import type { Settings } from '@cerberusmesh/contract/settings';
import { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { createFigures, type Figures } from '../serve/figures.ts';
import { createLiveBus, type LiveBus } from '../serve/live/bus.ts';
import { createQueries, type Queries } from '../store/read/queries.ts';
import { openReadPool } from '../store/read/reader.ts';
import { openSettings, type SettingsStore } from '../store/settings.ts';
import { createTokens, type Tokens } from '../store/tokens.ts';
import { type AuditChain, openAuditChain } from './audit-chain.ts';
import type { HeadStart } from './head-start.ts';
import { openInstallKey } from './install-key.ts';
import { type OpenDatabase, openConfiguredDatabase } from './open-database.ts';
import { openReplica } from './open-replica.ts';
import type { Role } from './streams/roles.ts';

/** What every part of a running engine stands on. */
export interface Ground {
  readonly role: Role;
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly database: OpenDatabase;
  readonly queries: Queries;
  readonly settings: SettingsStore;
  readonly tokens: Tokens;
  readonly installKey: Uint8Array;
  readonly audit: AuditChain;
  readonly registry: Registry;
  readonly figures: Figures;
  readonly bus: LiveBus;
  /** Closes the database; nothing may ask it any more. */
  close(): Promise<void>;
}

/** @throws what opening the database throws; see `openConfiguredDatabase`. */
export async function openGround({
  config,
  clock,
  log,
  role = 'up',
  server,
}: Pick<Ground, 'config' | 'clock' | 'log'> & {
  readonly role?: Role;
  readonly server: HeadStart['server'];
}): Promise<Ground> {
  const database = await openConfiguredDatabase({ config, clock, log, role, server });
  const reader = openReadPool(database.url);
  const replica = openReplica(config, { clock, log, primary: reader });
  const queries = createQueries(reader, replica?.reader);
  const registry = new Registry();
  return {
    role,
    config,
    clock,
    log,
    database,
    queries,
    registry,
    settings: await openSettings({ database, configured: configuredSettings(config), onRefused: refuseOnce(log) }),
    tokens: createTokens({ database, clock }),
    installKey: await openInstallKey(config.state.dir),
    audit: await openAuditChain({
      ...{ database, clock, stateDir: config.state.dir },
      onFailure: (error) => log.warn({ err: error }, 'The audit chain waits; what was appended is kept.'),
    }),
    figures: createFigures({ registry, clock, outcomes: queries.readOutcomes }),
    bus: createLiveBus((error) => log.warn({ err: error }, 'A live listener failed.')),
    async close() {
      await replica?.close();
      await reader.close();
      await database.close();
    },
  };
}

/** Stored settings are read again every few seconds; what is wrong with one is said once. */
function refuseOnce(log: Pick<Log, 'warn'>): (setting: string, why: string) => void {
  const told = new Set<string>();
  return function refused(setting, why) {
    if (told.has(setting)) return;
    told.add(setting);
    log.warn({ setting, why }, 'A stored setting is not one that this version takes; the configured value holds.');
  };
}

/** What the configuration says of what POST /config may change. */
function configuredSettings({ agent, adaptation, database }: Config): Settings {
  return {
    ENABLE_AUTO_ADAPTATION: adaptation.enabled,
    CERBERUS_AUTO_ACTION: agent.autoAction,
    CERBERUS_KILL_SWITCH: agent.killSwitch,
    HIGH_SEVERITY_THRESHOLD: adaptation.highSeverityThreshold,
    CERBERUS_THRESHOLD: agent.threshold,
    ADAPTATION_COOLDOWN_SECONDS: adaptation.cooldownSeconds,
    CERBERUS_RETENTION_DAYS: database.retentionDays,
    CERBERUS_RETENTION_MB: database.retentionMb,
    CERBERUS_DISK_FREE_MB: database.diskFreeMb,
  };
}
