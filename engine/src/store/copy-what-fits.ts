import type { AssessedLine } from '@cerberusmesh/contract/between-stages';
import type { ParkedLine } from '@cerberusmesh/contract/raw-line';
import type pg from 'pg';
import { copyStatement, encodeEvents } from './events.ts';
import { sendTogether } from './statement.ts';

export interface Copied {
  readonly stored: readonly AssessedLine[];
  readonly refused: readonly ParkedLine[];
}

/**
 * Where PostgreSQL refuses a value (a number beyond numeric, JSON nested beyond its stack), it says in which line: that
 * one is parked, and those before and after it are stored. One hostile line costs no neighbour, and a statement or two.
 */
export async function copyWhatFits(client: pg.PoolClient, lines: readonly AssessedLine[]): Promise<Copied> {
  const stored: AssessedLine[] = [];
  const refused: ParkedLine[] = [];
  let rest = lines;
  while (rest.length > 0) {
    const fault = await copyOrTell(client, rest);
    if (fault === undefined) {
      stored.push(...rest);
      break;
    }
    const named = rest.length === 1 ? 0 : refusedAt(fault, rest.length);
    // Where it names none, the halves are looked at until one line stands alone.
    const at = named ?? rest.length >> 1;
    const before = await copyWhatFits(client, rest.slice(0, at));
    stored.push(...before.stored);
    refused.push(...before.refused);
    const line = rest[at];
    if (named !== undefined && line) refused.push(parkRefused(line, fault));
    rest = rest.slice(named === undefined ? at : at + 1);
  }
  return { stored, refused };
}

/** SQLSTATE class 22 is data that a type cannot hold, 54 a limit of the program. */
export function isRefusedValue(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(22|54)/.test(error.code);
}

async function copyOrTell(client: pg.PoolClient, lines: readonly AssessedLine[]): Promise<Error | undefined> {
  await client.query('savepoint before_copy');
  try {
    await sendTogether(client, [copyStatement((await encodeEvents(lines)).rows)]);
    return undefined;
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    await client.query('rollback to savepoint before_copy');
    return error;
  }
}

/** From `COPY events, line 17, column raw_event`, counted from 1. */
function refusedAt(fault: Error, count: number): number | undefined {
  const where = 'where' in fault && typeof fault.where === 'string' ? fault.where : '';
  const at = Number(/^COPY events, line (\d+)/m.exec(where)?.[1] ?? 0) - 1;
  return at >= 0 && at < count ? at : undefined;
}

function parkRefused(line: AssessedLine, error: Error): ParkedLine {
  return {
    reason: 'refused_by_database',
    explanation: `PostgreSQL cannot hold a value of this line: ${error.message.slice(0, 300)}`,
    bytes: line.rawBytes ?? Buffer.from(line.rawJson, 'utf8'),
    coveredBytes: line.coveredBytes,
  };
}
