// @ts-check
import { get } from './api.js';
import { element, find } from './dom.js';
import { eventRow } from './event-row.js';
import { visible } from './visible-text.js';
import { amount, moment, severityBadge } from './words.js';

/** @typedef {import('@cerberusmesh/contract/api-sessions').SessionDetails} SessionDetails */

/** @param {string} sessionId @param {string} sensor */
export async function showSession(sessionId, sensor) {
  const dialog = find('#session-dialog', HTMLDialogElement);
  const body = find('.body', HTMLElement, dialog);
  const title = find('#session-title', HTMLElement);
  title.replaceChildren('Session ', visible(sessionId, 'mono'));
  body.replaceChildren(element('p', { class: 'note' }, 'Loading …'));
  if (!dialog.open) dialog.showModal();
  await showPage();

  /** @param {string} [cursor] */
  async function showPage(cursor) {
    const query = `?sensor=${encodeURIComponent(sensor)}${cursor === undefined ? '' : `&cursor=${cursor}`}`;
    /** @type {import('./api.js').Answer<SessionDetails>} */
    const answer = await get(`/api/sessions/${encodeURIComponent(sessionId)}${query}`);
    if (answer.kind === 'failed') return body.replaceChildren(element('p', { class: 'problem' }, answer.message));
    const { data, next_cursor } = answer.value.timeline;
    const rows = element(
      'ul',
      { class: 'rows event-rows', id: 'session-rows' },
      ...data.map((event) => eventRow(event, () => undefined)),
    );
    const parts = [summary(answer.value), rows];
    if (next_cursor !== null) {
      const more = element('button', { type: 'button' }, 'What came next');
      more.addEventListener('click', () => void showPage(next_cursor));
      parts.push(element('p', { class: 'note' }, more));
    }
    body.replaceChildren(...parts);
  }
}

/** @param {SessionDetails} session */
function summary(session) {
  return element(
    'p',
    { class: 'note' },
    severityBadge(session.severity),
    ' ',
    visible(session.source_ip ?? 'unknown address', 'mono'),
    ' on ',
    visible(session.sensor),
    ', began ',
    moment(session.start_time),
    session.is_active ? ', still open, ' : ', ended, ',
    `${amount(session.event_count)} events, ${amount(session.command_count)} commands`,
    session.client_version === null ? '' : ', client ',
    visible(session.client_version ?? '', 'mono'),
  );
}
