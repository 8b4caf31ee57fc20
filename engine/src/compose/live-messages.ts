import type { DecisionRecord } from '@cerberusmesh/contract/api-decisions';
import type { Decision } from '@cerberusmesh/contract/decision';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { PublishedBatch } from '../pipeline.ts';
import type { LiveBus } from '../serve/live/bus.ts';
import { eventMessage } from '../serve/live/messages.ts';

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
    if (decision.rule !== 'none') bus.publish({ type: 'decision', decision: toRecord(decision) });
  }
}

function toRecord(decision: Decision): DecisionRecord {
  return {
    id: decision.id,
    decided_at: decision.decidedAt,
    decision: decision.decision,
    verdict: decision.verdict,
    wanted: decision.wanted,
    guard: decision.guard,
    target: decision.target,
    adaptations: [...decision.adaptations],
    rule: decision.rule,
    why: decision.why,
    sensor: decision.sensor,
    session_id: decision.sessionId,
    source_ip: decision.sourceIp,
    event_id: decision.eventId,
    severity: decision.severity,
    threat_score: decision.threatScore,
    confidence: decision.confidence,
    policy_version: decision.policyVersion,
    model_version: decision.modelVersion,
  };
}
