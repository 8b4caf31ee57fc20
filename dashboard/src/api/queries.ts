import type { Page } from '@cerberusmesh/contract/api';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiFault, api, dataOf, type Parameters } from './ask.ts';

const slowRefreshMs = 30_000;
const refreshMs = 10_000;

/** Who asks, and as what. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => dataOf(api.GET('/api/me')),
  // Every button asks: one that comes must not ask again what was just refused.
  retryOnMount: false,
});
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: () => readHealth(),
  refetchInterval: refreshMs,
});
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: () => dataOf(api.GET('/status')),
  refetchInterval: slowRefreshMs,
});
export const statsQuery = queryOptions({
  queryKey: ['stats'],
  queryFn: () => dataOf(api.GET('/api/stats')),
  refetchInterval: refreshMs,
});
export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: () => dataOf(api.GET('/api/sources')),
  refetchInterval: refreshMs,
});
export const pendingApprovalsQuery = queryOptions({
  queryKey: ['approvals'],
  queryFn: () => dataOf(api.GET('/api/approvals', { params: { query: { status: 'pending', limit: 20 } } })),
  refetchInterval: refreshMs,
});
/** Asked again now and then: the kill switch may have been turned elsewhere, and stands on every page. */
export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: () => dataOf(api.GET('/config')),
  refetchInterval: refreshMs,
});
/** Below the settings, so that it is asked again with them. */
export const killSwitchQuery = queryOptions({
  queryKey: [...settingsQuery.queryKey, 'kill switch'],
  queryFn: () => dataOf(api.GET('/api/kill-switch')),
  refetchInterval: refreshMs,
});
/** Below the settings too. */
export const settingChangesQuery = queryOptions({
  queryKey: [...settingsQuery.queryKey, 'changes'],
  queryFn: () => dataOf(api.GET('/config/changes')),
});

/** From a day on: `2026-11-22`. */
export const countriesQuery = (from: string) =>
  queryOptions({
    queryKey: ['countries', from],
    queryFn: () => dataOf(api.GET('/api/stats/countries', { params: { query: { from } } })),
    refetchInterval: slowRefreshMs,
  });

/** Events by severity, from a moment on. */
export const trendsQuery = (from: string, bucket: 'hour' | 'day') =>
  queryOptions({
    queryKey: ['trends', from, bucket],
    queryFn: () => dataOf(api.GET('/api/stats/severity-trends', { params: { query: { from, bucket } } })),
    refetchInterval: slowRefreshMs,
  });

/** One event with what stood around it. */
export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ['event', id],
    queryFn: () => dataOf(api.GET('/api/events/{id}', { params: { path: { id } } })),
  });

/** One address with its latest sessions. */
export const attackerQuery = (address: string) =>
  queryOptions({
    queryKey: ['attacker', address],
    queryFn: () => dataOf(api.GET('/api/attackers/{ip}', { params: { path: { ip: address } } })),
  });

/** Asked again now and then: what was ordered here is carried out a moment later. */
export const attackerProfileQuery = (address: string) =>
  queryOptions({
    queryKey: ['attacker profile', address],
    queryFn: () => dataOf(api.GET('/api/attackers/{ip}/profile', { params: { path: { ip: address } } })),
    refetchInterval: refreshMs,
  });

/** A session's head with the whole of its timeline, page by page. */
export const sessionQuery = (sessionId: string, sensor?: string) =>
  infiniteQueryOptions({
    queryKey: ['session', sessionId, sensor],
    queryFn: ({ pageParam }) =>
      dataOf(
        api.GET('/api/sessions/{id}', {
          params: { path: { id: sessionId }, query: { ...given({ sensor, cursor: pageParam }), limit: 500 } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.timeline.next_cursor ?? undefined,
  });

/** A campaign's head with its members, page by page. */
export const campaignQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['campaign', id],
    queryFn: ({ pageParam }) =>
      dataOf(
        api.GET('/api/campaigns/{id}', {
          params: { path: { id }, query: { ...given({ cursor: pageParam }), limit: 50 } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.members.next_cursor ?? undefined,
  });

/** Lists, each with the filters that its route takes. */
export const eventsQuery = (filters: Parameters) =>
  listQuery('/api/events', filters, (query) => api.GET('/api/events', { params: { query } }));
/** What the first view begins with; `early.ts` asks the same. */
export const newestEventsQuery = eventsQuery({ limit: 100 });
export const sessionsQuery = (filters: Parameters) =>
  listQuery('/api/sessions', filters, (query) => api.GET('/api/sessions', { params: { query } }));
/** Who is inside; `early.ts` asks the same. */
export const activeSessionsQuery = sessionsQuery({ active: true, limit: 12 });
export const attackersQuery = (filters: Parameters) =>
  listQuery('/api/attackers', filters, (query) => api.GET('/api/attackers', { params: { query } }));
export const decisionsQuery = (filters: Parameters) =>
  listQuery('/api/decisions', filters, (query) => api.GET('/api/decisions', { params: { query } }));
export const adaptationsQuery = (filters: Parameters) =>
  listQuery('/api/adaptations', filters, (query) => api.GET('/api/adaptations', { params: { query } }));
export const actionsQuery = (filters: Parameters) =>
  listQuery('/api/actions', filters, (query) => api.GET('/api/actions', { params: { query } }));
export const campaignsQuery = (filters: Parameters) =>
  listQuery('/api/campaigns', filters, (query) => api.GET('/api/campaigns', { params: { query } }));
export const luresQuery = (filters: Parameters) =>
  listQuery('/api/lures', filters, (query) => api.GET('/api/lures', { params: { query } }));
export const touchesQuery = (filters: Parameters) =>
  listQuery('/api/touches', filters, (query) => api.GET('/api/touches', { params: { query } }));
export const analysesQuery = (filters: Parameters) =>
  listQuery('/api/analyses', filters, (query) => api.GET('/api/analyses', { params: { query } }));
export const parkedQuery = (filters: Parameters) =>
  listQuery('/api/parked', filters, (query) => api.GET('/api/parked', { params: { query } }));
export const auditQuery = (filters: Parameters) =>
  listQuery('/api/audit', filters, (query) => api.GET('/api/audit', { params: { query } }));

export const savedSearchesQuery = queryOptions({
  queryKey: ['searches'],
  queryFn: () => dataOf(api.GET('/api/searches')),
});

async function readHealth() {
  // An unhealthy engine tells the same with another status.
  const { data, error } = await api.GET('/health');
  const report = data ?? error;
  // What stands before an engine (a proxy) says 503 in words of its own.
  if (!Array.isArray(report?.sources)) throw new ApiFault(503, 'NO_ANSWER', 'The engine does not answer.');
  return report;
}

/** A list, page by page. `ask` gets what the address of the page holds; the server says what is wrong with it. */
function listQuery<ListPage extends Page<unknown>>(
  path: string,
  filters: Parameters,
  ask: (query: never) => Promise<{ data?: ListPage }>,
) {
  return infiniteQueryOptions({
    queryKey: ['list', path, filters],
    // `as`: a person may write anything into the address; only the server can tell whether it is a filter.
    queryFn: ({ pageParam }) => dataOf(ask(given({ ...filters, cursor: pageParam }) as never)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** What is set. */
function given<Given extends Parameters>(
  parameters: Given,
): { [Name in keyof Given]?: Exclude<Given[Name], undefined> } {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  // `as`: fromEntries forgets the names.
  return Object.fromEntries(set) as { [Name in keyof Given]?: Exclude<Given[Name], undefined> };
}
