import type { BatchResult, BatchWrite, PrepareWrite } from '@cerberusmesh/contract/between-stages';
import type { LocateOrigin } from '@cerberusmesh/contract/origin';
import { sightingsStatement } from './artifacts.ts';
import { type Copied, copyWhatFits, isRefusedValue } from './copy-what-fits.ts';
import type { Database } from './database.ts';
import { decisionsStatement } from './decisions.ts';
import { copyStatement, encodeEvents } from './events.ts';
import { feedStatement } from './feeds.ts';
import { jobStatement } from './jobs.ts';
import { summarizeOrigins } from './origins.ts';
import { parkStatement } from './parked-lines.ts';
import { createPartitions, monthsOf } from './partitions.ts';
import { takeBackStatements } from './probe-sessions.ts';
import { rollupsStatement } from './rollups.ts';
import { advanceStatement } from './sources.ts';
import { createSpareBuffers } from './spare-buffers.ts';
import { type Statement, sendTogether } from './statement.ts';
import { summarize } from './summarize.ts';
import { touchesStatements } from './touches.ts';
import { visitorsStatement } from './visitors.ts';

/**
 * Writes a batch in one transaction and one round trip: events with their assessments, sessions, attackers, rollups,
 * parked lines, decisions with their jobs, and the source's position. Without `locate` nothing is said of where
 * attackers come from.
 */
export function createPrepareWrite(database: Database, now: () => Date, locate?: LocateOrigin): PrepareWrite {
  const ensurePartitions = createPartitions(database);
  const spare = createSpareBuffers();

  return async function prepareWrite(batch) {
    const whole = { stored: batch.lines, refused: [] };
    const encoded = batch.lines.length > 0 ? await encodeEvents(batch.lines, spare.take) : undefined;
    const copy = encoded ? [copyStatement(encoded.rows)] : [];
    const all = [{ text: 'begin' }, ...copy, ...statementsOf(batch, whole, locate), { text: 'commit' }];
    const months = monthsOf(batch.lines.map((line) => line.event.epochMs));
    return async (again) => {
      const result = await writeBatch(all, months, again);
      // Only now: of a batch that failed the socket may still hold the bytes.
      if (encoded) spare.giveBack(encoded.buffer);
      return result;
    };
  };

  async function writeBatch(
    all: readonly Statement[],
    months: ReadonlySet<string>,
    batch: BatchWrite | undefined,
  ): Promise<BatchResult> {
    await ensurePartitions(months, now());
    try {
      await database.onOneConnection((client) => sendTogether(client, all));
      return { stored: batch?.lines ?? [], refused: 0 };
    } catch (error) {
      if (!batch || !isRefusedValue(error)) throw error;
      return await writeWhatFits(batch);
    }
  }

  /** Seldom, so the look for the line at fault, with its savepoints, is not paid for by every batch. */
  async function writeWhatFits(batch: BatchWrite): Promise<BatchResult> {
    return await database.transaction(async (client) => {
      const copied = await copyWhatFits(client, batch.lines);
      await sendTogether(client, statementsOf(batch, copied, locate));
      return { stored: copied.stored, refused: copied.refused.length };
    });
  }
}

/** In an order that matters: a touch counts in an attacker's row, and a probe's earlier events are no visitor's. */
function statementsOf(
  batch: BatchWrite,
  { stored, refused }: Copied,
  locate: LocateOrigin | undefined,
): readonly Statement[] {
  const summary = summarize(stored);
  const origins = locate && summarizeOrigins(stored, locate);
  const parked = [...batch.parked, ...refused];
  const lastEventTime = stored.at(-1)?.event.timestamp ?? null;
  const counts = { storedLines: stored.length, duplicateLines: batch.duplicates.lines, parkedLines: parked.length };
  return [
    batch.feed && feedStatement(batch.feed, { ...counts, lastEventTime }),
    ...takeBackStatements(summary.sessions.values()),
    visitorsStatement(summary, batch.states, origins?.origins),
    ...touchesStatements(stored),
    sightingsStatement(batch.source, stored),
    rollupsStatement(summary, origins),
    parkStatement(batch.source.sourceId, parked),
    decisionsStatement(batch.decisions),
    jobStatement(batch.jobs ?? []),
    advanceStatement(batch.source, {
      position: batch.position,
      from: batch.from,
      readBytes: batch.readBytes,
      storedBytes: sum(stored, (line) => line.coveredBytes) + batch.duplicates.bytes + batch.blankBytes,
      duplicateBytes: batch.duplicates.bytes,
      parkedBytes: sum(parked, (line) => line.coveredBytes),
      ...counts,
      lastEventTime,
    }),
  ].filter((statement) => statement !== undefined);
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}
