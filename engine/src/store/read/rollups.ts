import type { Page } from '@cerberusmesh/contract/api';
import type { CommandCount, CredentialCount, CredentialQuery } from '@cerberusmesh/contract/api-attackers';
import { commandShownMax, credentialShownMax } from '@cerberusmesh/contract/api-events';
import { createCursor, cursorCount, cursorId, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const commandCursor = createCursor('commands', [cursorCount, cursorId]);
const credentialCursor = createCursor('credentials', [cursorCount, cursorId]);

/** What visitors typed and tried, most frequent first. */
export function createRollupReads(reader: Reader) {
  return {
    async listCommands(query: { limit: number; cursor?: string | undefined }): Promise<Page<CommandCount>> {
      const where = createWhere();
      if (query.cursor !== undefined) {
        where.add('(events, command_hash) < (?::bigint, ?::uuid)', ...commandCursor.decode(query.cursor));
      }
      const rows = await reader.rows<CommandCount & { hash: string }>(
        `select command_hash as hash, left(command, ${commandShownMax}) as command,
                length(command) > ${commandShownMax} as shortened, severity, events::float8 as events,
                ${isoColumn('first_seen')}, ${isoColumn('last_seen')}
           from rollup_commands ${where.text}
          order by rollup_commands.events desc, command_hash desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => commandCursor.encode([last.events, last.hash]));
    },

    async listCredentials(query: CredentialQuery): Promise<Page<CredentialCount>> {
      const where = createWhere();
      where.addIf('username = ?', query.username);
      if (query.cursor !== undefined) {
        where.add('(attempts, credential_hash) < (?::bigint, ?::uuid)', ...credentialCursor.decode(query.cursor));
      }
      const rows = await reader.rows<CredentialCount & { hash: string }>(
        `select credential_hash as hash, left(username, ${credentialShownMax}) as username,
                left(password, ${credentialShownMax}) as password,
                length(username) > ${credentialShownMax} or coalesce(length(password), 0) > ${credentialShownMax}
                  as shortened,
                attempts::float8 as attempts, successes::float8 as successes, ${isoColumn('last_seen')}
           from rollup_credentials ${where.text}
          order by rollup_credentials.attempts desc, credential_hash desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => credentialCursor.encode([last.attempts, last.hash]));
    },
  };
}
