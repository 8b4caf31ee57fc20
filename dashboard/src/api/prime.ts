import { wasAskedEarly } from './early.ts';
import { entrance } from './entrance.ts';
import {
  activeSessionsQuery,
  healthQuery,
  meQuery,
  newestEventsQuery,
  pendingApprovalsQuery,
  settingsQuery,
} from './queries.ts';
import { queryClient } from './query-client.ts';

/** Longer nobody waits for an empty page. */
const primedMsMax = 100;

/**
 * Takes in what `early.ts` asked for, before anything is drawn: drawn empty first and again with each answer, the first rows
 * stood a fifth of a second later. What fails or is late the views ask for themselves.
 */
export async function prime(): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, primedMsMax));
  await Promise.race([late, Promise.all(earlyQueries().map((take) => take()))]);
}

function earlyQueries(): (() => Promise<void>)[] {
  const all = [
    ['/api/events?limit=100', () => queryClient.prefetchInfiniteQuery(newestEventsQuery)],
    ['/health', () => queryClient.prefetchQuery(healthQuery)],
    ['/config', () => queryClient.prefetchQuery(settingsQuery)],
    ['/api/approvals?status=pending&limit=20', () => queryClient.prefetchQuery(pendingApprovalsQuery)],
    ['/api/sessions?active=true&limit=12', () => queryClient.prefetchInfiniteQuery(activeSessionsQuery)],
    // Whose cookie may let him in is asked when he enters.
    ...(entrance.read() === 'in' ? [['/api/me', () => queryClient.prefetchQuery(meQuery)] as const] : []),
  ] as const;
  return all.flatMap(([path, take]) => (wasAskedEarly(path) ? [take] : []));
}
