import { deserialize, serialize } from 'node:v8';
import type { SessionState } from '@cerberusmesh/contract/assessment';
import type pg from 'pg';
import { bigintColumn, textColumn } from './array-parameters.ts';
import { attackerValues, upsertAttackers } from './attacker-writes.ts';
import type { Database } from './database.ts';
import { mergeTallies, type Tally } from './merge-tallies.ts';
import type { OriginSummary } from './origins.ts';
import { rollupsStatement } from './rollups.ts';
import { sessionValues, upsertSessions } from './session-writes.ts';
import { type Statement, sendTogether } from './statement.ts';
import type { BatchSummary } from './summarize.ts';

/** Of a second of the busiest log; more would hold the event loop up. */
const talliesMax = 200;

/**
 * Writes the sessions of a batch, and leaves what it adds to attackers and rollups as one row for `addTallies`: a live
 * batch is a few lines, and what those add cost more than the lines themselves.
 */
export function tallyStatement(
  summary: BatchSummary,
  states: ReadonlyMap<string, SessionState>,
  origins: OriginSummary | undefined,
): Statement | undefined {
  const { sessions, attackers, commands, credentials, techniques } = summary;
  if (sessions.size === 0 && attackers.size === 0) return undefined;
  const tally: Tally = { attackers, commands, credentials, techniques, origins };
  return { name: 'leave tally', text: leaveText, values: [...sessionValues(sessions, states), serialize(tally)] };
}

const leaveText = `
with ${upsertSessions}
insert into tallies (tally, begun)
select $23, array(select source_ip from changed where is_new and not is_probe and source_ip is not null)`;

/**
 * Adds all that batches have left. Each tally is taken out in the transaction that adds it, so none counts twice and none is
 * lost, whoever is killed and however many add at once.
 */
export async function addAllTallies(database: Database): Promise<void> {
  while (await database.transaction(addSome));
}

/** The same within a transaction that will change what was counted of events that it has read. */
export async function addTallies(client: pg.PoolClient): Promise<void> {
  while (await addSome(client));
}

/** @returns whether there may be more. */
async function addSome(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ tally: Buffer; begun: string[] }>({
    name: 'take tallies',
    text: `delete from tallies where id in (select id from tallies order by id limit $1 for update) returning tally, begun`,
    values: [talliesMax],
  });
  if (rows.length === 0) return false;
  // `as`: our own rows; only `tallyStatement` writes them.
  const tally = mergeTallies(rows.map((row) => deserialize(row.tally) as Tally));
  const { attackers, origins } = tally;
  const statements = [
    attackersStatement(tally, countEach(rows.flatMap((row) => row.begun))),
    rollupsStatement({ ...tally, hours: new Map() }, origins),
  ];
  if (attackers.size > 0) await sendTogether(client, statements);
  return rows.length === talliesMax;
}

function attackersStatement({ attackers, origins }: Tally, begun: ReadonlyMap<string, number>): Statement {
  const sessions = [...begun];
  return {
    name: 'upsert attackers',
    text: addText,
    values: [
      textColumn(sessions, ([address]) => address),
      bigintColumn(sessions, ([, count]) => count),
      ...attackerValues(attackers, origins?.origins),
    ],
  };
}

const addText = `
with fresh as (
  select source_ip, sessions from unnest($1::text[], $2::bigint[]) as f (source_ip, sessions)),
${upsertAttackers(3)}`;

function countEach(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
