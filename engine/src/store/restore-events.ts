import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { eventIdEpochMs } from '@cerberusmesh/contract/event-id';
import type { LineBatch, ParkedLine } from '@cerberusmesh/contract/raw-line';
import type { Database } from './database.ts';
import { parkStatement } from './parked-lines.ts';
import { createPartitions, monthsOf } from './partitions.ts';
import { advanceStatement } from './sources.ts';
import { sendTogether } from './statement.ts';

/** An event as it lay here before it was archived. */
export interface ArchivedEvent {
  readonly archive: string;
  readonly id: string;
  /** Of every column but `raw_event`, an object that begins with a brace and ends with one. */
  readonly rowJson: string;
  readonly rawJson: string;
  readonly coveredBytes: number;
}

/**
 * Puts archived events back as they were, with the position of the file they come from, in one transaction. Nothing is
 * counted: what was counted of them when they came first is still here.
 */
export function createRestoreEvents(database: Database, now: () => Date) {
  const ensurePartitions = createPartitions(database);

  return async function restoreEvents(
    source: SourceIdentity,
    { position, readBytes }: LineBatch,
    events: readonly ArchivedEvent[],
    parked: readonly ParkedLine[],
    blankBytes: number,
  ): Promise<{ readonly stored: number; readonly duplicate: number }> {
    await ensurePartitions(monthsOf(events.map(({ id }) => eventIdEpochMs(id))), now());
    return await database.transaction(async (client) => {
      const { rows } = await client.query<{ id: string }>(
        `insert into events
         select p.* from unnest($1::text[], $2::text[]) as line (own, raw),
                lateral json_populate_record(null::events, (left(own, -1) || ',"raw_event":' || raw || '}')::json) as p
         on conflict do nothing returning id`,
        [events.map(({ rowJson }) => rowJson), events.map(({ rawJson }) => rawJson)],
      );
      const back = new Set(rows.map(({ id }) => id));
      const known = events.filter(({ id }) => !back.has(id));
      await client.query('update archives set restored_at = now() where id = any($1::uuid[])', [
        [...new Set(events.map(({ archive }) => archive))],
      ]);
      const park = parkStatement(source.sourceId, parked);
      const advance = advanceStatement(source, {
        ...{ position, readBytes, lastEventTime: null },
        storedBytes: sumBytes(events) + blankBytes,
        duplicateBytes: sumBytes(known),
        parkedBytes: sumBytes(parked),
        storedLines: back.size,
        duplicateLines: known.length,
        parkedLines: parked.length,
      });
      await sendTogether(client, park ? [park, advance] : [advance]);
      return { stored: back.size, duplicate: known.length };
    });
  };
}

function sumBytes(lines: readonly { readonly coveredBytes: number }[]): number {
  return lines.reduce((sum, { coveredBytes }) => sum + coveredBytes, 0);
}
