import type { Queries } from '../store/read/queries.ts';

/** As the dashboard's first view asks. */
const limit = 100;

/**
 * Reads once what the first view will ask, after the start and in nobody's way: whoever opens the page first finds a
 * connection that knows its tables, and their newest pages in the database's memory. Where it fails, that person's own
 * question tells why.
 */
export function warmFirstView(
  { listEvents, listSessions }: Pick<Queries, 'listEvents' | 'listSessions'>,
  now: Date,
): void {
  void listEvents({ limit }, now)
    .then(() => listSessions({ active: true, limit }, now))
    .catch(() => undefined);
}
