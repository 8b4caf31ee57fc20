import type { BatchResult, BatchWrite, PrepareWrite } from '@cerberusmesh/contract/between-stages';
import type { LocateOrigin } from '@cerberusmesh/contract/origin';
import { sightingsStatement } from './artifacts.ts';
import { type Copied, copyWhatFits, isRefusedValue } from './copy-what-fits.ts';
import type { Database } from './database.ts';
import { decisionsStatement } from './decisions.ts';
import { copyStatement, encodeEvents } from './events.ts';
import { feedStatement } from './feeds.ts';
import { jobStatement } from './jobs.ts';
import { type OriginSummary, summarizeOrigins } from './origins.ts';
import { parkStatement } from './parked-lines.ts';
import { createPartitions, monthsOf } from './partitions.ts';
import { takeBackStatements } from './probe-sessions.ts';
import { hoursStatement, rollupsStatement } from './rollups.ts';
import { advanceStatement } from './sources.ts';
import { type Statement, sendTogether } from './statement.ts';
import { type BatchSummary, summarize } from './summarize.ts';
import { tallyStatement } from './tallies.ts';
import { touchesStatements } from './touches.ts';
import { visitorsStatement } from './visitors.ts';

export interface WriteParts {
  readonly locate?: LocateOrigin | undefined;
  /** Where what batches add to attackers and to most rollups is added later, many at once. */
  readonly tallying?: Tallying | undefined;
}

export interface Tallying {
  /** Told of each batch that is durable. */
  readonly left: () => void;
  /** Adds what is left by now. */
  readonly addAll: () => Promise<void>;
}

/**
 * Writes a batch in one transaction and one round trip: events with their assessments, sessions, attackers, rollups,
 * parked lines, decisions with their jobs, and the source's position. Without `locate` nothing is said of where
 * attackers come from; without `tallying` what a batch adds to attackers is added at once.
 */
export function createPrepareWrite(database: Database, now: () => Date, parts: WriteParts = {}): PrepareWrite {
  const { tallying } = parts;
  const ensurePartitions = createPartitions(database);

  return async function prepareWrite(batch) {
    const whole = { stored: batch.lines, refused: [] };
    const copy = batch.lines.length > 0 ? [copyStatement(await encodeEvents(batch.lines))] : [];
    const all = [{ text: 'begin' }, ...copy, ...statementsOf(batch, whole, parts), { text: 'commit' }];
    const months = monthsOf(batch.lines.map((line) => line.event.epochMs));
    const isProbed = batch.lines.some((line) => line.probe);
    return async (again) => {
      await ensurePartitions(months, now());
      // What was counted of the probe's first lines is taken back from where it was added to.
      if (isProbed) await tallying?.addAll();
      const result = await writeBatch(all, again);
      tallying?.left();
      return result;
    };
  };

  async function writeBatch(all: readonly Statement[], batch: BatchWrite | undefined): Promise<BatchResult> {
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
      await sendTogether(client, statementsOf(batch, copied, parts));
      return { stored: copied.stored, refused: copied.refused.length };
    });
  }
}

/** In an order that matters: a touch counts in an attacker's row, and a probe's earlier events are no visitor's. */
function statementsOf(
  batch: BatchWrite,
  { stored, refused }: Copied,
  { locate, tallying }: WriteParts,
): readonly Statement[] {
  const summary = summarize(stored);
  const origins = locate && summarizeOrigins(stored, locate);
  const parked = [...batch.parked, ...refused];
  const lastEventTime = stored.at(-1)?.event.timestamp ?? null;
  const counts = { storedLines: stored.length, duplicateLines: batch.duplicates.lines, parkedLines: parked.length };
  return [
    batch.feed && feedStatement(batch.feed, { ...counts, lastEventTime }),
    ...takeBackStatements(summary.sessions.values()),
    ...(tallying ? tallied : countedAtOnce)(summary, batch.states, origins),
    ...touchesStatements(stored),
    sightingsStatement(batch.source, stored),
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

function countedAtOnce(summary: BatchSummary, states: BatchWrite['states'], origins: OriginSummary | undefined) {
  const isCounted = summary.hours.size > 0;
  return [
    visitorsStatement(summary, states, origins?.origins),
    isCounted ? rollupsStatement(summary, origins) : undefined,
  ];
}

/** Sessions and hours, which may not be late. */
function tallied(summary: BatchSummary, states: BatchWrite['states'], origins: OriginSummary | undefined) {
  const isCounted = summary.hours.size > 0;
  return [tallyStatement(summary, states, origins), isCounted ? hoursStatement(summary) : undefined];
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}
