// @ts-check
import { element } from './dom.js';

export const severities = /** @type {const} */ (['HIGH', 'MEDIUM', 'LOW', 'UNKNOWN']);

/** A shape beside each word, so that nobody needs the colour. */
const shapes = new Map([
  ['CRITICAL', '■'],
  ['HIGH', '▲'],
  ['MEDIUM', '◆'],
  ['LOW', '●'],
  ['UNKNOWN', '?'],
]);

/** @type {ReadonlyMap<string, readonly [tone: string, words: string]>} */
const statuses = new Map([
  ['planned', ['warm', '… planned']],
  ['dry_run', ['', '◌ dry run']],
  ['applied', ['warm', '✓ applied, not verified']],
  ['verified', ['good', '✓✓ verified']],
  ['failed', ['bad', '✗ failed']],
  ['rolled_back', ['', '↩ undone']],
]);

/** @param {string} severity */
export function severityBadge(severity) {
  return element('span', { class: 'badge', 'data-tone': severity }, `${shapes.get(severity) ?? '?'} ${severity}`);
}

/** @param {string} status */
export function statusBadge(status) {
  const [tone, words] = statuses.get(status) ?? ['', status];
  return element('span', { class: 'badge', 'data-tone': tone }, words);
}

const timeOfDay = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});

/**
 * The time here; hovering tells it in UTC, as it is stored. Another day says which.
 * @param {string} iso
 */
export function moment(iso) {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date().toDateString();
  return element('time', { datetime: iso, title: iso }, (isToday ? timeOfDay : dayAndTime).format(at));
}

/** @param {number | null} seconds */
export function age(seconds) {
  if (seconds === null) return 'never';
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

/** @param {number} count */
export function amount(count) {
  return count.toLocaleString();
}

/** @param {number} count */
export function bytes(count) {
  if (count < 1024) return `${count} B`;
  if (count < 1024 ** 2) return `${(count / 1024).toFixed(1)} KiB`;
  if (count < 1024 ** 3) return `${(count / 1024 ** 2).toFixed(1)} MiB`;
  return `${(count / 1024 ** 3).toFixed(2)} GiB`;
}

/** `cowrie.command.input` is `command.input` to everybody who sees nothing but Cowrie. @param {string} eventType */
export function shortType(eventType) {
  return eventType.replace(/^cowrie\./, '');
}
