import { commandShownMax, credentialShownMax, type EventSummary } from '@cerberusmesh/contract/api-events';
import type { Assessment } from '@cerberusmesh/contract/assessment';
import type { LiveMessage } from '@cerberusmesh/contract/live';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';

/** An event that was just stored, as GET /api/events would show it. */
export function eventMessage(
  event: SensorEvent,
  assessment: Assessment | null,
  isProbe: boolean,
  isWatched = false,
): LiveMessage {
  const flag = isWatched ? { watched: true as const } : {};
  return { type: 'event', event: summarizeEvent(event, assessment, isProbe), ...flag };
}

function summarizeEvent(event: SensorEvent, assessment: Assessment | null, isProbe: boolean): EventSummary {
  const { detail } = event;
  const command = detail.kind === 'command' || detail.kind === 'input' ? detail.input : null;
  const username = detail.kind === 'login' ? detail.username : null;
  const password = detail.kind === 'login' ? (detail.password ?? null) : null;
  return {
    id: event.id,
    event_type: event.eventType,
    timestamp: event.timestamp,
    sensor: event.sensor,
    session_id: event.sessionId,
    protocol: event.protocol,
    source_ip: event.sourceIp,
    source_port: event.sourcePort,
    command: shown(command, commandShownMax),
    username: shown(username, credentialShownMax),
    password: shown(password, credentialShownMax),
    shortened:
      isLonger(command, commandShownMax) ||
      isLonger(username, credentialShownMax) ||
      isLonger(password, credentialShownMax),
    severity: assessment?.severity ?? 'UNKNOWN',
    threat_score: assessment?.threatScore ?? null,
    anomaly_score: assessment?.anomalyScore ?? null,
    attack_type: assessment?.attackType ?? null,
    confidence: assessment?.confidence ?? null,
    techniques: assessment?.techniques.map((technique) => technique.id) ?? [],
    why: assessment?.why ?? null,
    is_analyzed: assessment !== null,
    is_probe: isProbe,
  };
}

function shown(text: string | null, max: number): string | null {
  return text === null ? null : text.slice(0, max);
}

function isLonger(text: string | null, max: number): boolean {
  return text !== null && text.length > max;
}
