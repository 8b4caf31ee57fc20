// @ts-check
import { get } from './api.js';
import { find } from './dom.js';
import { age, bytes } from './words.js';

/** @typedef {import('@cerberusmesh/contract/api-health').HealthReport} HealthReport */

const everyMs = 10_000;

/** One line on whether the engine stores what happens. */
export function createHealthPill() {
  const pill = find('#health', HTMLElement);
  /** @type {number | undefined} */
  let timer;
  return { start, stop: () => clearTimeout(timer) };

  async function start() {
    clearTimeout(timer);
    if (!document.hidden) {
      /** @type {import('./api.js').Answer<HealthReport>} */
      const answer = await get('/health');
      show(answer.kind === 'ready' ? describe(answer.value) : [false, answer.message]);
    }
    timer = setTimeout(start, everyMs);
  }

  /** @param {readonly [isGood: boolean, text: string]} said */
  function show([isGood, text]) {
    pill.dataset['state'] = isGood ? 'good' : 'bad';
    if (pill.textContent !== text) pill.textContent = text;
  }
}

/** @param {HealthReport} report @returns {readonly [boolean, string]} */
function describe({ status, database, logWatcher, sources }) {
  if (database === 'disconnected') return [false, 'database away: nothing is lost, the log waits'];
  if (logWatcher === 'inactive') return [false, 'no log is being read'];
  const lag = sources.reduce((sum, source) => sum + (source.lagBytes ?? 0), 0);
  const ages = sources.flatMap((source) => source.lastEventAgeSeconds ?? []);
  const last = age(ages.length === 0 ? null : Math.min(...ages));
  return [
    status === 'healthy',
    `${status}, last event ${last === 'never' ? last : `${last} ago`}${lag > 0 ? `, ${bytes(lag)} behind` : ''}`,
  ];
}
