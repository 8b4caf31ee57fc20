import type { Normalize, SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { sensorOfSource } from '@cerberusmesh/contract/mesh';
import type { LineBatch, RawLine } from '@cerberusmesh/contract/raw-line';
import type { BatchReport } from '../pipeline.ts';
import type { Database } from '../store/database.ts';
import { listOpenParked, readParked, recordRetries, type StoredParkedLines } from '../store/parked-lines.ts';

export interface RetryReport {
  readonly retried: number;
  readonly stored: number;
  readonly still_parked: number;
}

const rowsMax = 10_000;
/** In memory at once; a single row may be larger, by a line of the bound. */
const roundRowsMax = 100;
const roundBytesMax = 4 * 1024 * 1024;
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
    const open = await listOpenParked(database.pool, ids === null ? 'all' : ids.map(Number), rowsMax);
    const sum = { retried: 0, stored: 0 };
    for (const round of roundsOf(open)) {
      const { retried, stored } = await retry(await readParked(database.pool, round));
      sum.retried += retried;
      sum.stored += stored;
    }
    return { ...sum, still_parked: sum.retried - sum.stored };
  };

  async function retry(parked: readonly StoredParkedLines[]): Promise<{ retried: number; stored: number }> {
    const receivedEpochMs = now().getTime();
    const readable: RawLine[] = [];
    const retries = parked.map(({ id, sourceId, lines }) => {
      const read = lines.map((bytes) => {
        const raw = toRawLine(sourceId, bytes, receivedEpochMs);
        const { line } = normalize(raw);
        if (line) readable.push(raw);
        return line?.event.id ?? null;
      });
      // Of many, those that were stored are duplicates when the others are tried again.
      return { id, eventId: read.includes(null) ? null : (read.at(-1) ?? null) };
    });
    const readBytes = readable.reduce((sum, line) => sum + line.coveredBytes, 0);
    if (readable.length > 0)
      await onLines({ sourceId: source.sourceId, lines: readable, position: {}, readBytes }, source);
    await database.transaction((client) => recordRetries(client, retries));
    return { retried: parked.reduce((sum, { lines }) => sum + lines.length, 0), stored: readable.length };
  }
}

function roundsOf(open: readonly { readonly id: number; readonly bytes: number }[]): readonly number[][] {
  const rounds: number[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of open) {
    bytes += row.bytes;
    const last = rounds.at(-1);
    if (last && last.length < roundRowsMax && bytes <= roundBytesMax) last.push(row.id);
    else {
      rounds.push([row.id]);
      bytes = row.bytes;
    }
  }
  return rounds;
}

/** `receivedEpochMs` is now: what claimed to be of later is believed when that time has come. */
function toRawLine(sourceId: string, bytes: Buffer, receivedEpochMs: number): RawLine {
  const text = bytes.toString('utf8');
  const isFaithful = Buffer.from(text, 'utf8').equals(bytes);
  const sensor = sensorOfSource(sourceId);
  return {
    ...{ text, coveredBytes: bytes.length + 1, receivedEpochMs },
    ...(isFaithful ? {} : { bytes }),
    ...(sensor === undefined ? {} : { sensor }),
  };
}
