import type { AssessedLine, BatchResult, BatchWrite } from '@cerberusmesh/contract/between-stages';
import type { LocateOrigin } from '@cerberusmesh/contract/origin';
import type { ParkedLine } from '@cerberusmesh/contract/raw-line';
import type pg from 'pg';
import { storeSightings } from './artifacts.ts';
import type { Database } from './database.ts';
import { storeDecisions } from './decisions.ts';
import { copyEvents, encodeEvents } from './events.ts';
import { queueJobs } from './jobs.ts';
import { type OriginSummary, summarizeOrigins } from './origins.ts';
import { parkLines } from './parked-lines.ts';
import { createPartitions } from './partitions.ts';
import { takeBackEarlierEvents } from './probe-sessions.ts';
import { addToRollups } from './rollups.ts';
import { advanceSource } from './sources.ts';
import { type BatchSummary, summarize } from './summarize.ts';
import { storeTouches } from './touches.ts';
import { upsertVisitors } from './visitors.ts';

/** Does what of writing a batch needs no database; the function that it gives back does the rest. */
export type PrepareWrite = (batch: BatchWrite) => Promise<() => Promise<BatchResult>>;

/**
 * Writes a batch in one transaction: events with their assessments, sessions, attackers, rollups, parked lines,
 * decisions with their jobs, and the source's position. Without `locate` nothing is said of where attackers come from.
 */
export function createPrepareWrite(database: Database, now: () => Date, locate?: LocateOrigin): PrepareWrite {
  const ensurePartitions = createPartitions(database);

  return async function prepareWrite(batch) {
    const rows = await encodeEvents(batch.lines);
    const sums = sumUp(batch.lines, locate);

    return async function writeBatch() {
      await ensurePartitions(
        batch.lines.map((line) => line.event.epochMs),
        now(),
      );
      try {
        return await database.transaction(async (client) => {
          if (batch.lines.length > 0) await copyEvents(client, rows);
          return await writeRest(client, batch, { stored: batch.lines, refused: [] }, sums);
        });
      } catch (error) {
        if (!isRefusedValue(error)) throw error;
        // Seldom, so the look for the line at fault, with its savepoints, is not paid for by every batch.
        return await database.transaction(async (client) => {
          const copied = await copyWhatFits(client, batch.lines);
          return await writeRest(client, batch, copied, sumUp(copied.stored, locate));
        });
      }
    };
  };
}

interface Sums {
  readonly summary: BatchSummary;
  readonly origins: OriginSummary | undefined;
}

function sumUp(lines: readonly AssessedLine[], locate: LocateOrigin | undefined): Sums {
  return { summary: summarize(lines), origins: locate && summarizeOrigins(lines, locate) };
}

async function writeRest(
  client: pg.PoolClient,
  batch: BatchWrite,
  { stored, refused }: Copied,
  { summary, origins }: Sums,
): Promise<BatchResult> {
  const parked = [...batch.parked, ...refused];
  await takeBackEarlierEvents(client, summary.sessions.values());
  await upsertVisitors(client, summary, batch.states, origins?.origins);
  await storeTouches(client, stored);
  await storeSightings(client, batch.source, stored);
  await addToRollups(client, summary, origins);
  await parkLines(client, batch.source.sourceId, parked);
  await storeDecisions(client, batch.decisions);
  await queueJobs(client, batch.jobs ?? []);
  await advanceSource(client, batch.source, {
    position: batch.position,
    readBytes: batch.readBytes,
    storedBytes: sum(stored, (line) => line.coveredBytes) + batch.duplicates.bytes + batch.blankBytes,
    duplicateBytes: batch.duplicates.bytes,
    parkedBytes: sum(parked, (line) => line.coveredBytes),
    storedLines: stored.length,
    duplicateLines: batch.duplicates.lines,
    parkedLines: parked.length,
    lastEventTime: stored.at(-1)?.event.timestamp ?? null,
  });
  return { stored, refused: refused.length };
}

interface Copied {
  readonly stored: readonly AssessedLine[];
  readonly refused: readonly ParkedLine[];
}

/**
 * Where PostgreSQL refuses a value (a number beyond numeric, JSON nested beyond its stack), the batch is halved until
 * the line that it cannot hold stands alone and is parked: one hostile line costs no neighbour.
 */
async function copyWhatFits(client: pg.PoolClient, lines: readonly AssessedLine[]): Promise<Copied> {
  await client.query('savepoint before_copy');
  try {
    await copyEvents(client, await encodeEvents(lines));
    return { stored: lines, refused: [] };
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    await client.query('rollback to savepoint before_copy');
    const [only] = lines;
    if (lines.length === 1 && only) return { stored: [], refused: [parkRefused(only, error)] };
    const first = await copyWhatFits(client, lines.slice(0, lines.length >> 1));
    const second = await copyWhatFits(client, lines.slice(lines.length >> 1));
    return { stored: [...first.stored, ...second.stored], refused: [...first.refused, ...second.refused] };
  }
}

function parkRefused(line: AssessedLine, error: Error): ParkedLine {
  return {
    reason: 'refused_by_database',
    explanation: `PostgreSQL cannot hold a value of this line: ${error.message.slice(0, 300)}`,
    bytes: line.rawBytes ?? Buffer.from(line.rawJson, 'utf8'),
    coveredBytes: line.coveredBytes,
  };
}

/** SQLSTATE class 22 is data that a type cannot hold, 54 a limit of the program. */
function isRefusedValue(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(22|54)/.test(error.code);
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}
