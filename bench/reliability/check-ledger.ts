import { count } from './place.ts';
import type { Check } from './scenario.ts';

/** What has to hold of a database in which `expected` different lines were stored, whatever happened meanwhile. */
export async function checkLedger(url: string, expected: number): Promise<Check[]> {
  const sums: readonly (readonly [what: string, text: string, expected: number])[] = [
    ['events stored', 'select count(*) from events', expected],
    ['different lines among them', 'select count(distinct md5(raw_event::text)) from events', expected],
    ['sources out of balance', 'select count(*) from sources where bytes_read <> bytes_stored + bytes_parked', 0],
    ['events in the rollups', 'select coalesce(sum(events), 0) from rollup_hours', expected],
    ['events of attackers', 'select coalesce(sum(total_events), 0) from attackers', expected],
    ['events of sessions', 'select coalesce(sum(event_count), 0) from sessions', expected],
    ['events in no month', 'select count(*) from events_default', 0],
  ];
  const checks: Check[] = [];
  for (const [what, text, wanted] of sums) checks.push({ what, expected: wanted, found: await count(url, text) });
  return checks;
}
