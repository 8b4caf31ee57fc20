// @ts-check
import { get } from './api.js';
import { element, find } from './dom.js';
import { eventRow } from './event-row.js';
import { createPanel } from './panel.js';
import { severities, severityBadge } from './words.js';

/** @typedef {import('@cerberusmesh/contract/api-events').EventSummary} EventSummary */

/** Rows on the page, and events kept while it is paused. More would make a day-long page slow. */
const rowsMax = 200;

/**
 * The live list: newest on top, filtered by severity, and at rest while it is paused.
 * @param {{ onSession: (sessionId: string, sensor: string) => void, onFilter: (severities: readonly string[]) => void }} handlers
 */
export function createEventsPanel({ onSession, onFilter }) {
  const pause = find('#pause', HTMLButtonElement);
  const filter = find('#severity-filter', HTMLElement);
  /** @type {Set<string>} */
  const wanted = new Set(severities);
  /** What is on the page or waits to be. @type {EventSummary[]} */
  let fresh = [];
  let isPaused = false;
  let isScheduled = false;
  let missed = 0;
  /** @type {HTMLUListElement | null} */
  let rows = null;

  const panel = createPanel({
    selector: '#events',
    everySeconds: 3600,
    load: () => get(`/api/events?limit=${rowsMax / 2}${severityQuery()}`),
    isEmpty: (/** @type {{ data: EventSummary[] }} */ page) => page.data.length === 0,
    emptyText: 'Nothing has happened yet. As soon as the honeypot writes a line, it is here.',
    render: ({ data }) => {
      rows = element(
        'ul',
        { class: 'rows event-rows', id: 'event-rows' },
        ...data.map((event) => eventRow(event, onSession)),
      );
      return rows;
    },
  });

  pause.addEventListener('click', () => setPaused(!isPaused));
  filter.append(...severities.map(severityChoice));
  return { ...panel, add };

  /** @param {readonly EventSummary[]} events In the order in which they happened. */
  function add(events) {
    fresh.push(...events.filter((event) => wanted.has(event.severity)));
    if (fresh.length > rowsMax) {
      missed += fresh.length - rowsMax;
      fresh = fresh.slice(-rowsMax);
    }
    if (isPaused) return showPause();
    if (isScheduled) return;
    isScheduled = true;
    // A hidden tab gets no animation frames: then the events wait, at most `rowsMax` of them.
    requestAnimationFrame(() => {
      isScheduled = false;
      if (!isPaused) place();
    });
  }

  function place() {
    if (fresh.length === 0) return;
    if (rows === null || !rows.isConnected) panel.show({ data: [] });
    if (rows === null || !rows.isConnected) {
      panel.show({ data: fresh.toReversed() });
    } else {
      const known = new Set([...rows.children].map((row) => row.getAttribute('data-id')));
      const made = fresh.filter((event) => !known.has(event.id)).map((event) => eventRow(event, onSession));
      for (const row of made) row.classList.add('fresh');
      rows.prepend(...made.reverse());
      while (rows.children.length > rowsMax) rows.lastElementChild?.remove();
    }
    fresh = [];
    missed = 0;
  }

  /** @param {boolean} paused */
  function setPaused(paused) {
    isPaused = paused;
    pause.setAttribute('aria-pressed', String(paused));
    showPause();
    if (!paused) place();
  }

  function showPause() {
    const waiting = fresh.length + missed;
    pause.textContent = !isPaused ? 'Pause' : waiting === 0 ? 'Go on' : `Go on (${waiting} new)`;
  }

  /** @param {string} severity */
  function severityChoice(severity) {
    const box = element('input', { type: 'checkbox', checked: true, value: severity });
    box.addEventListener('change', () => {
      if (box.checked) wanted.add(severity);
      else wanted.delete(severity);
      fresh = [];
      onFilter(wanted.size === severities.length ? [] : [...wanted]);
      void panel.refresh();
    });
    return element('label', {}, box, severityBadge(severity));
  }

  function severityQuery() {
    return wanted.size === severities.length || wanted.size === 0 ? '' : `&severity=${[...wanted].join(',')}`;
  }
}
