import type { SessionState } from '@cerberusmesh/contract/assessment';
import type { Origin } from '@cerberusmesh/contract/origin';
import { attackerValues, upsertAttackers } from './attacker-writes.ts';
import { sessionValues, upsertSessions } from './session-writes.ts';
import type { Statement } from './statement.ts';
import type { BatchSummary } from './summarize.ts';

/**
 * Adds a batch's share to its sessions and attackers: who came, with what credentials, and from where. One statement,
 * because its round trips are what a small batch costs. Without `origins` what is known of attackers' origins stays.
 */
export function visitorsStatement(
  { sessions, attackers }: Pick<BatchSummary, 'sessions' | 'attackers'>,
  states: ReadonlyMap<string, SessionState>,
  origins: ReadonlyMap<string, Origin> | undefined,
): Statement | undefined {
  if (sessions.size === 0 && attackers.size === 0) return undefined;
  return {
    name: 'upsert visitors',
    text: upsertText,
    values: [...sessionValues(sessions, states), ...attackerValues(attackers, origins)],
  };
}

const upsertText = `
with ${upsertSessions},
fresh as (
  select source_ip, count(*) filter (where is_new) as sessions from changed where not is_probe group by source_ip),
${upsertAttackers(23)}`;
