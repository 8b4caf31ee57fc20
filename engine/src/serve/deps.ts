import type { AuditReport } from '@cerberusmesh/contract/audit';
import type { Clock } from '../kit/clock.ts';
import type { ServeConfig, ServeLog } from './api.ts';
import type { TokenLookup } from './authentication.ts';
import type { LiveBus } from './live/bus.ts';
import type { ActionDesk, ActionQueries } from './routes/actions.ts';
import type { AnalysisQueries } from './routes/analyses.ts';
import type { ApprovalQueries, Oversight } from './routes/approvals.ts';
import type { Artifacts } from './routes/artifacts.ts';
import type { AttackerDesk, AttackerProfileQueries } from './routes/attacker-desk.ts';
import type { AttackerQueries } from './routes/attackers.ts';
import type { AuditQueries } from './routes/audit.ts';
import type { CampaignExportQueries } from './routes/campaign-export.ts';
import type { CampaignQueries } from './routes/campaigns.ts';
import type { Channels, NoticeQueries } from './routes/channels.ts';
import type { DecisionQueries, Rollback } from './routes/decisions.ts';
import type { DetectabilityDesk } from './routes/detectability.ts';
import type { Examine } from './routes/doctor.ts';
import type { ReportEffect } from './routes/effect.ts';
import type { EventQueries } from './routes/events.ts';
import type { ReadBlocklist } from './routes/feeds.ts';
import type { HistoryQueries } from './routes/history.ts';
import type { ReceiveLines } from './routes/ingest.ts';
import type { KeptFileQueries } from './routes/kept-files.ts';
import type { LearningDesk } from './routes/learning.ts';
import type { LureQueries } from './routes/lures.ts';
import type { ManagedKeys } from './routes/managed-keys.ts';
import type { Operations } from './routes/operations.ts';
import type { PolicyDesk } from './routes/policy.ts';
import type { ReadRetention } from './routes/retention.ts';
import type { SavedSearchDesk } from './routes/searches.ts';
import type { SensorDesk, SensorQueries } from './routes/sensors.ts';
import type { SessionQueries } from './routes/sessions.ts';
import type { ChangeableSettings } from './routes/settings.ts';
import type { ReadLedgers, RetryParked, SourceQueries } from './routes/sources.ts';
import type { StatsQueries } from './routes/stats.ts';
import type { AttackNames, TechniqueQueries } from './routes/techniques.ts';
import type { WhoMay } from './who/who-may.ts';

/** Writes one row of the audit log. */
export type Audit = (entry: {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}) => Promise<void>;

export type ServeQueries = EventQueries &
  SessionQueries &
  AttackerQueries &
  AttackerProfileQueries &
  StatsQueries &
  HistoryQueries &
  CampaignQueries &
  CampaignExportQueries &
  DecisionQueries &
  AuditQueries &
  LureQueries &
  KeptFileQueries &
  ApprovalQueries &
  ActionQueries &
  AnalysisQueries &
  NoticeQueries &
  SensorQueries &
  SourceQueries &
  TechniqueQueries;

/** All that the server needs of the other stages. */
export interface ServeDeps extends Operations {
  readonly config: ServeConfig;
  readonly version: string;
  readonly queries: ServeQueries;
  readonly tokens: TokenLookup;
  readonly who: WhoMay;
  readonly settings: ChangeableSettings;
  readonly attack: AttackNames;
  /** The built dashboard. */
  readonly dashboardDir: string;
  readonly ledgers: ReadLedgers;
  readonly rollback: Rollback;
  readonly actions: ActionDesk;
  readonly learning: LearningDesk;
  readonly managedKeys: ManagedKeys;
  readonly oversight: Oversight;
  readonly policyDesk: PolicyDesk;
  readonly reportEffect: ReportEffect;
  readonly detectability: DetectabilityDesk;
  readonly retryParked: RetryParked;
  readonly channels: Channels;
  readonly readBlocklist: ReadBlocklist;
  readonly receiveLines: ReceiveLines;
  readonly sensorDesk: SensorDesk;
  readonly artifacts: Artifacts;
  readonly savedSearches: SavedSearchDesk;
  readonly attackerDesk: AttackerDesk;
  readonly readRetention: ReadRetention;
  readonly examine: Examine;
  readonly audit: Audit;
  readonly verifyAudit: () => Promise<AuditReport>;
  readonly bus: Pick<LiveBus, 'subscribe'>;
  /** Hears how many live connections there are, each time that changes. */
  readonly liveClients: (count: number) => void;
  readonly clock: Clock;
  readonly log: ServeLog;
}
