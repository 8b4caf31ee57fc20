import type { Normalize, SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { sensorOfSource } from '@cerberusmesh/contract/mesh';
import type { LineBatch, RawLine } from '@cerberusmesh/contract/raw-line';
import type { BatchReport } from '../pipeline.ts';
import type { Database } from '../store/database.ts';
import { findParkedLines, recordRetries, type StoredParkedLine } from '../store/parked-lines.ts';

export interface RetryReport {
  readonly retried: number;
  readonly stored: number;
  readonly still_parked: number;
}

const linesMax = 10_000;
/** Lines are large at worst; this many are in memory at once. */
const linesPerRound = 100;
const source: SourceIdentity = { sourceId: 'parked lines', kind: 'retry', place: 'parked_lines' };

/**
 * Reads parked lines again, with the readers of this version. What has become readable is stored like any line, in a
 * ledger of its own, and the parked line says which event it became.
 */
export function createRetryParked(parts: {
  readonly database: Database;
  readonly normalize: Normalize;
  readonly onLines: (batch: LineBatch, source: SourceIdentity) => Promise<BatchReport>;
  readonly now: () => Date;
}) {
  const { database, normalize, onLines, now } = parts;

  return async function retryParked(ids: readonly string[] | null): Promise<RetryReport> {
    const found = await findParkedLines(database.pool, ids === null ? 'all' : ids.map(Number), linesMax);
    let stored = 0;
    for (let start = 0; start < found.length; start += linesPerRound) {
      stored += await retry(found.slice(start, start + linesPerRound));
    }
    return { retried: found.length, stored, still_parked: found.length - stored };
  };

  async function retry(parked: readonly StoredParkedLine[]): Promise<number> {
    const retries = parked.map((line) => {
      const raw = toRawLine(line, now());
      return { id: line.id, raw, eventId: normalize(raw).line?.event.id ?? null };
    });
    const readable = retries.filter((line) => line.eventId !== null).map((line) => line.raw);
    const readBytes = readable.reduce((sum, line) => sum + line.coveredBytes, 0);
    if (readable.length > 0)
      await onLines({ sourceId: source.sourceId, lines: readable, position: {}, readBytes }, source);
    await database.transaction((client) => recordRetries(client, retries));
    return readable.length;
  }
}

function toRawLine({ sourceId, bytes, coveredBytes }: StoredParkedLine, now: Date): RawLine {
  const text = bytes.toString('utf8');
  const isFaithful = Buffer.from(text, 'utf8').equals(bytes);
  const sensor = sensorOfSource(sourceId);
  // What claimed to be of later is believed when that time has come.
  const receivedEpochMs = now.getTime();
  return {
    text,
    coveredBytes,
    receivedEpochMs,
    ...(isFaithful ? {} : { bytes }),
    ...(sensor === undefined ? {} : { sensor }),
  };
}
