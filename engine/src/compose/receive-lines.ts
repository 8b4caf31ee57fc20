import { inflatedBytesMax, type PushResult } from '@cerberusmesh/contract/api-ingest';
import type { Identity } from '@cerberusmesh/contract/api-tokens';
import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { sourceOfToken } from '@cerberusmesh/contract/mesh';
import { inflateBody, openPushedBody, withKnown } from '../collect/pushed-lines.ts';
import type { Clock } from '../kit/clock.ts';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import type { WatchedSource } from '../serve/health.ts';
import type { PushedRequest } from '../serve/routes/ingest.ts';
import type { Database } from '../store/database.ts';
import { createStoreSentLines, createTally } from './store-sent-lines.ts';

/**
 * Stores what is pushed: each token is a source with a ledger of its own; who waits holds a seat (serve/ingest-seats.ts).
 */
export function createReceiveLines(parts: {
  readonly database: Pick<Database, 'pool'>;
  readonly pipeline: Pick<Pipeline, 'onLines'>;
  readonly onStored: (report: BatchReport) => void;
  readonly clock: Pick<Clock, 'now'>;
}) {
  const { database, pipeline, onStored, clock } = parts;
  const sent = createStoreSentLines({ database, pipeline, askAgain: 'Send the rest again, with the same key.' });
  const watched = new Map<string, WatchedSource>();

  return {
    /** Those that have pushed since the start. */
    watched: () => [...watched.values()],

    /** @throws CerberusError BODY_TOO_LARGE, VALIDATION_FAILED, CONFLICT, SENDER_BUSY, or DATABASE_AWAY: what was stored until then stays. */
    receive: (request: PushedRequest): Promise<PushResult> => sent.inTurn(request.from.id, () => store(request)),
  };

  async function store({ from, body: pushed, isGzip, key }: PushedRequest): Promise<PushResult> {
    const source = sourceOf(from);
    const body = isGzip ? await inflateBody(pushed, inflatedBytesMax) : pushed;
    const receivedEpochMs = clock.now().getTime();
    const known = { receivedEpochMs, ...(from.sensor === undefined ? {} : { sensor: from.sensor }) };
    const { sum, count } = createTally((report) => note(source, report));
    return await sent.whereItStands(source, async (position) => {
      const { skippedBytes, batches } = openPushedBody({ sourceId: source.sourceId, body, key, position });
      // A body without a key leaves no trace in the position.
      const stands = key === undefined ? undefined : position;
      await sent.store(withKnown(batches, known), source, stands, count);
      return { bytes: body.length, skipped_bytes: skippedBytes, ...sum };
    });
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
