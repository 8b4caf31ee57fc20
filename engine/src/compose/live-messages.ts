import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { PublishedBatch } from '../pipeline.ts';
import type { LiveBus } from '../serve/live/bus.ts';
import { eventMessage } from '../serve/live/messages.ts';
import { toDecisionRecord } from './policy-desk.ts';

/** Tells the live feed of a batch that is durable. Building messages for nobody is spared. */
export function publishBatch(
  bus: LiveBus,
  { stored, decisions }: PublishedBatch,
  isWatched: (event: SensorEvent) => boolean,
): void {
  if (!bus.hasListeners()) return;
  for (const { event, assessment, probe } of stored)
    bus.publish(eventMessage(event, assessment, probe, isWatched(event)));
  for (const decision of decisions) {
    // That no rule holds is recorded for every scanner; nobody wants to watch that.
    if (decision.rule !== 'none') bus.publish({ type: 'decision', decision: toDecisionRecord(decision) });
  }
}
