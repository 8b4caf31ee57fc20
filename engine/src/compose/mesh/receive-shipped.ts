import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { sourceOfSensor } from '@cerberusmesh/contract/mesh';
import { inflateShipped, openShipment } from '../../collect/shipped-lines.ts';
import type { Clock } from '../../kit/clock.ts';
import type { BatchReport, Pipeline } from '../../pipeline.ts';
import type { ReceiveShipped, Shipped } from '../../serve/mesh/ship.ts';
import type { Database } from '../../store/database.ts';
import { createStoreSentLines, createTally } from '../store-sent-lines.ts';

/** Stores what a sensor ships, under its name and in a ledger of its own. */
export function createReceiveShipped(parts: {
  readonly database: Pick<Database, 'pool'>;
  readonly pipeline: Pick<Pipeline, 'onLines'>;
  readonly onStored: (report: BatchReport) => void;
  readonly clock: Pick<Clock, 'now'>;
}): ReceiveShipped {
  const { database, pipeline, onStored, clock } = parts;
  const sent = createStoreSentLines({ database, pipeline, askAgain: 'The sensor sends it again.' });
  return (shipped) => sent.inTurn(shipped.sensor, () => store(shipped));

  async function store(shipped: Shipped): ReturnType<ReceiveShipped> {
    const source = sourceOf(shipped.sensor);
    const body = await inflateShipped(shipped.body, shipped.encoding);
    const receivedEpochMs = clock.now().getTime();
    const { sum, count } = createTally(onStored);
    return await sent.whereItStands(source, async (position) => {
      const opened = openShipment({ ...shipped, body, receivedEpochMs }, position);
      if (opened.kind === 'gap') return opened;
      await sent.store(opened.batches, source, position, count);
      return { kind: 'stored', answer: { durable: opened.durable, ...sum } };
    });
  }
}

function sourceOf(sensor: string): SourceIdentity {
  return { sourceId: sourceOfSensor(sensor), kind: 'sensor', place: sensor };
}
