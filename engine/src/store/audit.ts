import type pg from 'pg';
import { storableJson } from './storable-json.ts';

/** Something that a person or a program did to the system and must be able to account for. */
export interface AuditEntry {
  /** Who: `token:<name>`, `command-line`, `link`, `engine`. */
  readonly actor: string;
  /** What, as `<thing>.<verb>`: `settings.change`, `token.create`. */
  readonly action: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Appends one entry; pass the connection of the transaction that does the thing, so that neither is there without the
 * other. It is chained to the ones before it soon after (`audit-chain.ts`). What happens to adaptations and actions is
 * appended by triggers of their tables, so that no way of changing them is forgotten.
 */
export async function appendAudit(connection: Pick<pg.Pool, 'query'>, entry: AuditEntry): Promise<void> {
  await connection.query('insert into audit_log (actor, action, subject, details) values ($1, $2, $3, $4)', [
    entry.actor,
    entry.action,
    entry.subject,
    storableJson(entry.details),
  ]);
}
