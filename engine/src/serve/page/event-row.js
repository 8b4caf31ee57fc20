// @ts-check
import { element } from './dom.js';
import { visible } from './visible-text.js';
import { moment, severityBadge, shortType } from './words.js';

/** @typedef {import('@cerberusmesh/contract/api-events').EventSummary} EventSummary */

/**
 * @param {EventSummary} event
 * @param {(sessionId: string, sensor: string) => void} onSession
 */
export function eventRow(event, onSession) {
  return element(
    'li',
    { 'data-severity': event.severity, 'data-id': event.id },
    moment(event.timestamp),
    severityBadge(event.severity),
    element('span', { class: 'where mono' }, sessionLink(event, onSession)),
    element('span', { class: 'what' }, ...whatHappened(event)),
  );
}

/** @param {EventSummary} event */
export function whatHappened(event) {
  return [
    element('span', { class: 'type' }, visible(shortType(event.event_type))),
    whatWasSaid(event),
    event.shortened && element('span', { class: 'odd' }, '… longer'),
    event.techniques.length > 0 && element('span', { class: 'soft' }, ' ', visible(event.techniques.join(' '))),
    event.severity !== 'LOW' && event.why !== null && element('span', { class: 'soft' }, ' · ', visible(event.why)),
    event.is_probe && element('span', { class: 'badge' }, 'our probe'),
  ];
}

/** @param {EventSummary} event */
function whatWasSaid({ command, username, password }) {
  if (command !== null) return visible(command, 'mono');
  if (username === null) return null;
  return element('span', { class: 'mono' }, visible(username), password === null ? '' : ' / ', visible(password ?? ''));
}

/**
 * @param {EventSummary} event
 * @param {(sessionId: string, sensor: string) => void} onSession
 */
function sessionLink({ source_ip, session_id, sensor }, onSession) {
  const text = visible(source_ip ?? sensor);
  if (session_id === null) return text;
  const button = element('button', { type: 'button', class: 'link', title: 'Show the session' }, text);
  button.addEventListener('click', () => onSession(session_id, sensor));
  return button;
}
