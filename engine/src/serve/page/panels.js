// @ts-check
import { get } from './api.js';
import { element } from './dom.js';
import { createPanel, showCount } from './panel.js';
import { visible } from './visible-text.js';
import { amount, bytes, moment, severityBadge } from './words.js';

/** @typedef {import('@cerberusmesh/contract/api-sessions').SessionSummary} SessionSummary */
/** @typedef {import('@cerberusmesh/contract/api-decisions').DecisionRecord} DecisionRecord */
/** @typedef {import('@cerberusmesh/contract/api-sources').SourceLedger} SourceLedger */

/** @param {(sessionId: string, sensor: string) => void} onSession */
export function createSessionsPanel(onSession) {
  return createPanel({
    selector: '#sessions',
    everySeconds: 15,
    load: () => get('/api/sessions?active=true&limit=50'),
    isEmpty: (/** @type {{ data: SessionSummary[], next_cursor: string | null }} */ { data }) => {
      showCount('#sessions', data.length === 0 ? '' : amount(data.length));
      return data.length === 0;
    },
    emptyText: 'Nobody is inside right now.',
    render: ({ data }) => element('ul', { class: 'rows' }, ...data.map((session) => sessionRow(session, onSession))),
  });
}

export function createDecisionsPanel() {
  return createPanel({
    selector: '#decisions',
    everySeconds: 30,
    load: () => get('/api/decisions?limit=30'),
    isEmpty: (/** @type {{ data: DecisionRecord[] }} */ { data }) => data.length === 0,
    emptyText: 'Nothing had to be decided yet.',
    render: ({ data }) => element('ul', { class: 'rows' }, ...data.map(decisionRow)),
  });
}

export function createSourcesPanel() {
  return createPanel({
    selector: '#sources',
    everySeconds: 30,
    load: () => get('/api/sources'),
    isEmpty: (/** @type {{ data: SourceLedger[] }} */ { data }) => data.length === 0,
    emptyText: 'No log has been read yet. Name it in COWRIE_LOG_PATH, or run cerberus replay FILE.',
    render: ({ data }) => element('ul', { class: 'rows' }, ...data.map(sourceRow)),
  });
}

/** @param {SessionSummary} session @param {(sessionId: string, sensor: string) => void} onSession */
function sessionRow(session, onSession) {
  const open = element(
    'button',
    { type: 'button', class: 'link mono' },
    visible(session.source_ip ?? session.session_id),
  );
  open.addEventListener('click', () => onSession(session.session_id, session.sensor));
  return element(
    'li',
    {},
    element('div', { class: 'top' }, severityBadge(session.severity), open, moment(session.start_time)),
    element(
      'div',
      { class: 'soft what' },
      session.successful_login ? 'logged in, ' : 'not logged in, ',
      `${amount(session.event_count)} events, ${amount(session.command_count)} commands`,
      session.techniques.length > 0 ? ' · ' : '',
      visible(session.techniques.join(' ')),
    ),
  );
}

/** @param {DecisionRecord} decision */
function decisionRow(decision) {
  return element(
    'li',
    {},
    element(
      'div',
      { class: 'top' },
      severityBadge(decision.severity),
      element('strong', {}, decision.decision.replaceAll('_', ' ')),
      visible(decision.source_ip ?? '', 'mono'),
      element('span', { class: 'push' }, moment(decision.decided_at)),
    ),
    element('div', { class: 'soft what' }, visible(decision.why), ' · rule ', visible(decision.rule)),
  );
}

/** @param {SourceLedger} source */
function sourceRow(source) {
  return element(
    'li',
    {},
    element(
      'div',
      { class: 'top' },
      element(
        'span',
        { class: 'badge', 'data-tone': source.balanced ? 'good' : 'bad' },
        source.balanced ? '✓ balanced' : '✗ bytes are missing',
      ),
      element(
        'span',
        { class: 'badge', 'data-tone': source.active ? 'good' : '' },
        source.active ? '● reading' : '○ at rest',
      ),
      visible(source.place, 'mono what'),
    ),
    element(
      'div',
      { class: 'soft' },
      `${bytes(source.bytes_seen)} seen = ${bytes(source.bytes_stored)} stored + ${bytes(source.bytes_parked)} parked + ` +
        `${bytes(source.bytes_unread)} unread · ${amount(source.lines_stored)} events, ${amount(source.lines_parked)} parked lines`,
    ),
    source.problem === null ? '' : element('div', { class: 'what' }, visible(source.problem)),
  );
}
