import { commandShownMax, credentialShownMax } from '@cerberusmesh/contract/api-events';
import { isoColumn } from './statement.ts';

/**
 * What contract's EventSummary needs. Long texts are cut in the database and not in the server: a visitor may type a
 * megabyte, and a page has up to a thousand rows.
 */
export const eventColumns = columns((column, shownMax) => `left(${column}, ${shownMax}) as ${column}`);

/** The same with the texts as long as they are. */
export const wholeEventColumns = columns((column) => column);

function columns(text: (column: string, shownMax: number) => string): string {
  return `
  id, event_type, ${isoColumn('timestamp')}, sensor, session_id, protocol, source_ip, source_port,
  ${text('command', commandShownMax)}, ${text('username', credentialShownMax)}, ${text('password', credentialShownMax)},
  (coalesce(length(command), 0) > ${commandShownMax} or coalesce(length(username), 0) > ${credentialShownMax}
    or coalesce(length(password), 0) > ${credentialShownMax}) as shortened,
  severity, threat_score, anomaly_score, attack_type, confidence, coalesce(techniques, '{}') as techniques,
  why, is_analyzed, is_probe`;
}

const lastMs = 2 ** 48 - 1;

/**
 * The smallest id that an event of this millisecond can have. Events are partitioned by id, so a period must reach
 * PostgreSQL as a range of ids: a condition on `timestamp` would look into every partition.
 */
export function smallestEventId(epochMs: number): string {
  const hex = Math.min(Math.max(Math.floor(epochMs), 0), lastMs)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** The millisecond that an event's id begins with. */
export function epochMsOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
