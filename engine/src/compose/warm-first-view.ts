import type { Queries } from '../store/read/queries.ts';

/** As the dashboard's first view asks. */
const limit = 100;

/**
 * Reads once what the first view will ask, at once as it does, after the start and in nobody's way: whoever opens the page
 * first finds connections that know their tables, and the newest pages in the database's memory. Where it fails, that
 * person's own question tells why.
 */
export function warmFirstView(
  { listEvents, listSessions, listApprovals }: Pick<Queries, 'listEvents' | 'listSessions' | 'listApprovals'>,
  now: Date,
): void {
  void Promise.all([
    listEvents({ limit }, now),
    listSessions({ active: true, limit }, now),
    listApprovals({ status: 'pending', limit }),
  ]).catch(() => undefined);
}
