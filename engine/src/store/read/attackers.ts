import type { Page } from '@cerberusmesh/contract/api';
import type { Attacker, AttackerDetails, AttackerQuery, AttackerSort } from '@cerberusmesh/contract/api-attackers';
import { credentialShownMax } from '@cerberusmesh/contract/api-events';
import type { SessionSummary } from '@cerberusmesh/contract/api-sessions';
import { z } from 'zod';
import { createCursor, cursorCount, cursorId, cursorTime, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { compileSearch } from './search/compile.ts';
import { attackerTerms } from './search/list-terms.ts';
import { sessionColumns } from './session-columns.ts';
import { createWhere, isoColumn } from './statement.ts';

/**
 * One order, one index, one cursor each. The ids go upwards where the values go downwards, so the cursor's comparison is
 * written out: a row comparison has one direction only. What changes with each batch is in no index: `coarse` is, a step
 * that follows from the value and never falls where the value grows, and the rows of one step are sorted.
 */
const sorts = {
  threat: {
    column: 'attackers.threat_score',
    coarse: undefined,
    type: 'real',
    cursor: createCursor('attackers-threat', [z.number(), cursorId]),
  },
  events: {
    column: 'attackers.total_events',
    coarse: {
      column: 'events_magnitude',
      of: (value: string) => `floor(ln(${value}::float8 + 1) / ln(2::float8))::integer`,
    },
    type: 'bigint',
    cursor: createCursor('attackers-events', [cursorCount, cursorId]),
  },
  recent: {
    column: 'attackers.last_seen',
    coarse: { column: 'last_seen_day', of: (value: string) => `(${value} at time zone 'UTC')::date` },
    type: 'timestamptz',
    cursor: createCursor('attackers-recent', [cursorTime, cursorId]),
  },
} as const satisfies Record<AttackerSort, object>;

// The table's columns by their whole names: the output columns of the same names are of other types and have no index.
export const attackerColumns = `
  id, ip_address, threat_level, threat_score, total_events::float8 as total_events,
  total_sessions::float8 as total_sessions, high_severity_count::float8 as high_severity_count,
  successful_logins::float8 as successful_logins, left(most_common_username, ${credentialShownMax}) as most_common_username,
  unique_passwords_count::float8 as unique_passwords_count, country, city, asn::float8 as asn, as_name, network, scanner,
  reputation, ${isoColumn('first_seen')}, ${isoColumn('last_seen')}`;

/** Reads of `attackers`. A list sorted by values that grow may show an attacker twice, never leave one out for good. */
export function createAttackerReads(reader: Reader) {
  return {
    /** `now` is for searches that ask how long ago. */
    async listAttackers(query: AttackerQuery, now: Date): Promise<Page<Attacker>> {
      const { column, coarse, type, cursor } = sorts[query.sort];
      const where = createWhere();
      where.addIf('threat_level = ?', query.threat_level);
      where.addIf('country = ?', query.country);
      where.addIf('attackers.asn = ?', query.asn);
      if (query.scanner !== undefined) where.add(query.scanner ? 'scanner is not null' : 'scanner is null');
      if (query.q !== undefined) where.add(compileSearch(query.q, attackerTerms, { parameter: where.parameter, now }));
      if (query.cursor !== undefined) {
        const [value, id] = cursor.decode(query.cursor);
        const bound = `${where.parameter(value)}::${type}`;
        where.add(`${column} <= ${bound} and (${column} < ${bound} or id > ?)`, id);
        if (coarse) where.add(`${coarse.column} <= ${coarse.of(bound)}`);
      }
      const rows = await reader.rows<Attacker>(
        `select ${attackerColumns} from attackers ${where.text}
          order by ${coarse ? `${coarse.column} desc, ` : ''}${column} desc, id limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => encodeLast(query.sort, last));
    },

    async findAttacker(ip: string): Promise<AttackerDetails | undefined> {
      const [[attacker], usernames, sessions] = await Promise.all([
        reader.rows<Attacker>(`select ${attackerColumns} from attackers where ip_address = $1`, [ip]),
        reader.rows<AttackerDetails['usernames'][number]>(
          `select left(username, ${credentialShownMax}) as username, attempts::float8 as attempts
             from attacker_usernames where ip_address = $1 order by attacker_usernames.attempts desc limit 10`,
          [ip],
        ),
        reader.rows<SessionSummary>(
          `select ${sessionColumns} from sessions where source_ip = $1 and not is_probe
            order by sessions.start_time desc limit 10`,
          [ip],
        ),
      ]);
      return attacker && { ...attacker, usernames, sessions };
    },
  };
}

function encodeLast(sort: AttackerSort, last: Attacker): string {
  if (sort === 'recent') return sorts.recent.cursor.encode([last.last_seen, last.id]);
  if (sort === 'events') return sorts.events.cursor.encode([last.total_events, last.id]);
  return sorts.threat.cursor.encode([last.threat_score, last.id]);
}
