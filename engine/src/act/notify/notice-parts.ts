import type { Notice } from '@cerberusmesh/contract/notice';
import { plainText } from '../../kit/plain-text.ts';

/** What is known of the session that a notice is about. */
export interface NoticeFacts {
  readonly campaign: string | null;
  readonly rule: string | null;
  readonly threatScore: number | null;
  readonly evidence: readonly { readonly eventId: string; readonly at: Date; readonly text: string }[];
}

/** Where it happened. */
export interface NoticePlace {
  readonly sensor: string | null;
  readonly sessionId: string | null;
  readonly sourceIp: string | null;
}

const evidenceCharactersMax = 200;

/** Where it happened, without anything that a terminal or mail would obey: attackers write some of it. */
export function placeOf({ sensor, sessionId, sourceIp }: NoticePlace): Notice['where'] {
  return { sensor: plainOrNull(sensor), session: plainOrNull(sessionId), address: plainOrNull(sourceIp) };
}

/** At most ten events, each with the beginning of its text made plain. */
export function evidenceOf({ evidence }: Pick<NoticeFacts, 'evidence'>): Notice['evidence'] {
  return evidence.slice(0, 10).map(({ eventId, at, text }) => ({
    event_id: eventId,
    at: at.toISOString(),
    text: plainText(text.slice(0, evidenceCharactersMax)).slice(0, 300),
  }));
}

/** `publicUrl`: the address of our own page and API, without a closing slash; null where it is not known. */
export function linksTo(publicUrl: string | null, { sensor, sessionId, sourceIp }: NoticePlace): Notice['links'] {
  if (publicUrl === null) return [];
  // Of the dashboard: whoever opens one may have to sign in first, and is a person.
  const ofSensor = sensor === null ? '' : `?sensor=${encodeURIComponent(sensor)}`;
  const at = (path: string, value: string) => `${publicUrl}/#${path}${encodeURIComponent(value)}`;
  return [
    ...(sessionId === null ? [] : [{ name: 'Session', url: `${at('/sessions/', sessionId)}${ofSensor}` }]),
    ...(sourceIp === null ? [] : [{ name: 'Attacker', url: at('/attackers/', sourceIp) }]),
    { name: 'Dashboard', url: `${publicUrl}/` },
  ];
}

function plainOrNull(text: string | null): string | null {
  return text === null ? null : plainText(text).slice(0, 255);
}
