import type { AnalysisRecord } from '@cerberusmesh/contract/analysis';
import type { Page } from '@cerberusmesh/contract/api';
import type { ActionRecord } from '@cerberusmesh/contract/api-actions';
import type { ApprovalRecord } from '@cerberusmesh/contract/api-approvals';
import type { Attacker, AttackerDetails, CommandCount, CredentialCount } from '@cerberusmesh/contract/api-attackers';
import type { Campaign } from '@cerberusmesh/contract/api-campaigns';
import type { AdaptationRecord, DecisionRecord } from '@cerberusmesh/contract/api-decisions';
import type { EventDetails, EventPage, EventSummary } from '@cerberusmesh/contract/api-events';
import type { HealthReport, StatusReport } from '@cerberusmesh/contract/api-health';
import type { LureRecord, TouchRecord } from '@cerberusmesh/contract/api-lures';
import type { SavedSearch } from '@cerberusmesh/contract/api-searches';
import type { SessionDetails, SessionSummary } from '@cerberusmesh/contract/api-sessions';
import type { ParkedRecord, SourceLedger } from '@cerberusmesh/contract/api-sources';
import type { CountryStats, SeverityTrends, Stats } from '@cerberusmesh/contract/api-stats';
import type { AuditRecord } from '@cerberusmesh/contract/audit';
import type { Settings } from '@cerberusmesh/contract/settings';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, type Parameters } from './ask.ts';

const slowRefreshMs = 30_000;
const refreshMs = 10_000;

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: () => get<HealthReport>('/health'),
  refetchInterval: refreshMs,
});
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: () => get<StatusReport>('/status'),
  refetchInterval: slowRefreshMs,
});
export const statsQuery = queryOptions({
  queryKey: ['stats'],
  queryFn: () => get<Stats>('/api/stats'),
  refetchInterval: refreshMs,
});
export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: () => get<{ data: SourceLedger[] }>('/api/sources'),
  refetchInterval: refreshMs,
});
export const pendingApprovalsQuery = queryOptions({
  queryKey: ['approvals'],
  queryFn: () => get<Page<ApprovalRecord>>('/api/approvals', { status: 'pending', limit: 20 }),
  refetchInterval: refreshMs,
});
export const settingsQuery = queryOptions({ queryKey: ['settings'], queryFn: () => get<Settings>('/config') });

export const countriesQuery = (from: string) =>
  queryOptions({
    queryKey: ['countries', from],
    queryFn: () => get<CountryStats>('/api/stats/countries', { from }),
    refetchInterval: slowRefreshMs,
  });

export const trendsQuery = (from: string, bucket: 'hour' | 'day') =>
  queryOptions({
    queryKey: ['trends', from, bucket],
    queryFn: () => get<SeverityTrends>('/api/stats/severity-trends', { from, bucket }),
    refetchInterval: slowRefreshMs,
  });

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ['event', id],
    queryFn: () => get<EventDetails>(`/api/events/${encodeURIComponent(id)}`),
  });

export const attackerQuery = (address: string) =>
  queryOptions({
    queryKey: ['attacker', address],
    queryFn: () => get<AttackerDetails>(`/api/attackers/${encodeURIComponent(address)}`),
  });

/** A session's head with the whole of its timeline, page by page. */
export const sessionQuery = (sessionId: string, sensor?: string) =>
  infiniteQueryOptions({
    queryKey: ['session', sessionId, sensor],
    queryFn: ({ pageParam }) =>
      get<SessionDetails>(`/api/sessions/${encodeURIComponent(sessionId)}`, { sensor, cursor: pageParam, limit: 500 }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.timeline.next_cursor ?? undefined,
  });

export const eventsQuery = (filters: Parameters) => listQuery<EventSummary, EventPage>('/api/events', filters);
export const sessionsQuery = (filters: Parameters) => listQuery<SessionSummary>('/api/sessions', filters);
export const attackersQuery = (filters: Parameters) => listQuery<Attacker>('/api/attackers', filters);
export const decisionsQuery = (filters: Parameters) => listQuery<DecisionRecord>('/api/decisions', filters);
export const adaptationsQuery = (filters: Parameters) => listQuery<AdaptationRecord>('/api/adaptations', filters);
export const actionsQuery = (filters: Parameters) => listQuery<ActionRecord>('/api/actions', filters);
export const campaignsQuery = (filters: Parameters) => listQuery<Campaign>('/api/campaigns', filters);
export const luresQuery = (filters: Parameters) => listQuery<LureRecord>('/api/lures', filters);
export const touchesQuery = (filters: Parameters) => listQuery<TouchRecord>('/api/touches', filters);
export const analysesQuery = (filters: Parameters) => listQuery<AnalysisRecord>('/api/analyses', filters);
export const commandsQuery = (filters: Parameters) => listQuery<CommandCount>('/api/commands', filters);
export const credentialsQuery = (filters: Parameters) => listQuery<CredentialCount>('/api/credentials', filters);
export const parkedQuery = (filters: Parameters) => listQuery<ParkedRecord>('/api/parked', filters);
export const auditQuery = (filters: Parameters) => listQuery<AuditRecord>('/api/audit', filters);

export const savedSearchesQuery = queryOptions({
  queryKey: ['searches'],
  queryFn: () => get<{ data: SavedSearch[] }>('/api/searches'),
});

function listQuery<Item, ListPage extends Page<Item> = Page<Item>>(path: string, filters: Parameters) {
  return infiniteQueryOptions({
    queryKey: ['list', path, filters],
    queryFn: ({ pageParam }) => get<ListPage>(path, { ...filters, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}
