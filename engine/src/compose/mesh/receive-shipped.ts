import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { sourceOfSensor } from '@cerberusmesh/contract/mesh';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { inflateShipped, openShipment } from '../../collect/shipped-lines.ts';
import type { BatchReport, Pipeline } from '../../pipeline.ts';
import type { ReceiveShipped, Shipped } from '../../serve/mesh/ship.ts';
import { type Database, isDatabaseAway, isWorthRetrying } from '../../store/database.ts';
import { findPosition } from '../../store/sources.ts';

/** Another process that stores the same events at the same time is seen after one look; more tries than this are a fault. */
const triesMax = 3;

/**
 * Stores what a sensor ships, under its name and in a ledger of its own. One body at a time: what a sensor sent twice,
 * because an answer was lost, must find the position of the first.
 */
export function createReceiveShipped(parts: {
  readonly database: Pick<Database, 'pool'>;
  readonly pipeline: Pick<Pipeline, 'onLines'>;
  readonly onStored: (report: BatchReport) => void;
}): ReceiveShipped {
  const { database, pipeline, onStored } = parts;
  let last: Promise<unknown> = Promise.resolve();

  return function receive(shipped) {
    const turn = last.then(() => store(shipped));
    last = turn.catch(() => undefined);
    return turn;
  };

  async function store(shipped: Shipped): ReturnType<ReceiveShipped> {
    const source = sourceOf(shipped.sensor);
    const body = await inflateShipped(shipped.body, shipped.encoding);
    const position = await orAway(() => findPosition(database.pool, source.sourceId));
    const opened = openShipment({ ...shipped, body }, position);
    if (opened.kind === 'gap') return opened;
    const sum = { stored: 0, duplicate: 0, parked: 0 };
    for (const batch of opened.batches) {
      const report = await orAway(() => insist(batch, source));
      sum.stored += report.stored;
      sum.duplicate += report.duplicate;
      sum.parked += report.parked;
      onStored(report);
    }
    return { kind: 'stored', answer: { durable: opened.durable, ...sum } };
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
}

function sourceOf(sensor: string): SourceIdentity {
  return { sourceId: sourceOfSensor(sensor), kind: 'sensor', place: sensor };
}

async function orAway<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isDatabaseAway(cause)) throw new CerberusError('DATABASE_AWAY', 'The sensor sends it again.', cause);
    throw cause;
  }
}
