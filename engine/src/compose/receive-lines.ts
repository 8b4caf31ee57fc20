import { inflatedBytesMax, type PushResult } from '@cerberusmesh/contract/api-ingest';
import type { Identity } from '@cerberusmesh/contract/api-tokens';
import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { sourceOfToken } from '@cerberusmesh/contract/mesh';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { inflateBody, openPushedBody, withKnown } from '../collect/pushed-lines.ts';
import type { Clock } from '../kit/clock.ts';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import type { WatchedSource } from '../serve/health.ts';
import type { PushedRequest } from '../serve/routes/ingest.ts';
import { type Database, isDatabaseAway, isWorthRetrying } from '../store/database.ts';
import { findPosition } from '../store/sources.ts';

/** Another process that stores the same events at the same time is seen after one look; more tries than this are a fault. */
const triesMax = 3;

/**
 * Stores what is pushed: each token is a source with a ledger of its own. One body at a time, because more would only
 * hold more in memory; who waits holds a seat (serve/ingest-seats.ts).
 */
export function createReceiveLines(parts: {
  readonly database: Pick<Database, 'pool'>;
  readonly pipeline: Pick<Pipeline, 'onLines'>;
  readonly onStored: (report: BatchReport) => void;
  readonly clock: Pick<Clock, 'now'>;
}) {
  const { database, pipeline, onStored, clock } = parts;
  const watched = new Map<string, WatchedSource>();
  let last: Promise<unknown> = Promise.resolve();

  return {
    /** Those that have pushed since the start. */
    watched: () => [...watched.values()],

    /** @throws CerberusError BODY_TOO_LARGE, VALIDATION_FAILED, CONFLICT, or DATABASE_AWAY: what was stored until then stays. */
    receive(request: PushedRequest): Promise<PushResult> {
      const turn = last.then(() => store(request));
      last = turn.catch(() => undefined);
      return turn;
    },
  };

  async function store({ from, body: sent, isGzip, key }: PushedRequest): Promise<PushResult> {
    const source = sourceOf(from);
    const body = isGzip ? await inflateBody(sent, inflatedBytesMax) : sent;
    const position = await orAway(() => findPosition(database.pool, source.sourceId));
    const { skippedBytes, batches } = openPushedBody({ sourceId: source.sourceId, body, key, position });
    const receivedEpochMs = clock.now().getTime();
    const known = { receivedEpochMs, ...(from.sensor === undefined ? {} : { sensor: from.sensor }) };
    const sum = { stored: 0, duplicate: 0, parked: 0 };
    for (const batch of withKnown(batches, known)) {
      const report = await orAway(() => insist(batch, source));
      sum.stored += report.stored;
      sum.duplicate += report.duplicate;
      sum.parked += report.parked;
      note(source, report);
    }
    return { bytes: body.length, skipped_bytes: skippedBytes, ...sum };
  }

  async function insist(batch: LineBatch, source: SourceIdentity): Promise<BatchReport> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await pipeline.onLines(batch, source);
      } catch (error) {
        if (attempt === triesMax || isDatabaseAway(error) || !isWorthRetrying(error)) throw error;
      }
    }
  }

  function note({ sourceId, kind }: SourceIdentity, report: BatchReport): void {
    const { latestEventEpochMs } = report;
    const before = watched.get(sourceId)?.lastEventAt ?? null;
    const lastEventAt = latestEventEpochMs === undefined ? before : new Date(latestEventEpochMs);
    // What waits at the sender is not known here.
    watched.set(sourceId, { sourceId, sensor: null, kind, active: true, lagBytes: null, lastEventAt });
    onStored(report);
  }
}

function sourceOf({ id, name, sensor }: Identity): SourceIdentity {
  return { sourceId: sourceOfToken(id, sensor), kind: 'http', place: name };
}

async function orAway<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isDatabaseAway(cause))
      throw new CerberusError('DATABASE_AWAY', 'Send the rest again, with the same key.', cause);
    throw cause;
  }
}
