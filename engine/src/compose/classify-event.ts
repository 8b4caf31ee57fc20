import type { Assess, Normalize } from '@cerberusmesh/contract/between-stages';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { ClassifyRequest, ClassifyResponse } from '@cerberusmesh/contract/ml';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { startSession } from '../assess/session-state.ts';

/**
 * The seed's question about one event: written as the line that Cowrie would have written, read by the same readers, and
 * assessed by the same code as in the pipeline, as the first event of a session.
 */
export function createClassify(parts: {
  readonly normalize: Normalize;
  readonly assess: Assess;
  readonly tellingWords: (text: string) => string[];
}) {
  return function classify(request: ClassifyRequest): ClassifyResponse {
    const event = eventOf(request, parts.normalize);
    const { assessment } = parts.assess(event, startSession(event));
    if (assessment === null) throw new Error(`No assessment of ${request.event_id}`);
    const text = typedText(event);
    return {
      severity: assessment.severity,
      anomaly_score: assessment.anomalyScore,
      labels: { attack_type: assessment.attackType, confidence: assessment.attackTypeConfidence ?? 0 },
      features: {
        command_length: text.length,
        suspicious_keywords: text === '' ? [] : parts.tellingWords(text),
      },
    };
  };
}

function eventOf(request: ClassifyRequest, normalize: Normalize): SensorEvent {
  const text = JSON.stringify({
    eventid: request.event_type,
    timestamp: request.timestamp,
    ...(request.source_ip ? { src_ip: request.source_ip } : {}),
    ...(request.command == null ? {} : { input: request.command }),
    ...(request.username == null ? {} : { username: request.username }),
    ...(request.password == null ? {} : { password: request.password }),
  });
  const { line, parked } = normalize({ text, coveredBytes: text.length });
  if (line === null)
    throw new CerberusError('VALIDATION_FAILED', parked[0]?.explanation ?? 'The event cannot be read.');
  // A command of an event type that no reader knows is a command all the same.
  const { event } = line;
  return event.detail.kind === 'generic' && request.command
    ? { ...event, detail: { kind: 'command', phase: 'typed', input: request.command } }
    : event;
}

function typedText({ detail }: SensorEvent): string {
  return detail.kind === 'command' || detail.kind === 'input' ? detail.input : '';
}
