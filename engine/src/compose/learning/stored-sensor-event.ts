import type { Normalize } from '@cerberusmesh/contract/between-stages';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { StoredEvent } from '../../store/learning/stored-events.ts';

/**
 * A stored event as it was when it came: its line is read again by the same readers. What was read into columns then
 * (the id, the time in the sensor's zone) is taken from there, so that another reader of today changes nothing of it.
 */
export function toSensorEvent(stored: StoredEvent, normalize: Normalize): SensorEvent {
  const read = normalize({ text: stored.line, coveredBytes: 0 }).line?.event;
  return {
    id: stored.id,
    eventType: stored.eventType,
    timestamp: stored.timestamp,
    epochMs: Date.parse(stored.timestamp),
    sensor: stored.sensor,
    sessionId: stored.sessionId,
    protocol: stored.protocol,
    sourceIp: stored.sourceIp,
    sourcePort: stored.sourcePort,
    late: read?.late ?? false,
    detail: read?.detail ?? { kind: 'generic' },
  };
}
