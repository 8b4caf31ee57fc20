// @ts-check
import { get } from './api.js';
import { element, svg } from './dom.js';
import { createPanel } from './panel.js';
import { amount, severities } from './words.js';

/** @typedef {import('@cerberusmesh/contract/api-stats').Stats} Stats */
/** @typedef {import('@cerberusmesh/contract/api-stats').SeverityTrends} SeverityTrends */
/** @typedef {SeverityTrends['data'][number]} Hour */

const width = 960;
const height = 68;
const floor = 66;

/** The last day in figures and in hours. */
export function createSeverityPanel() {
  return createPanel({
    selector: '#severity',
    everySeconds: 5,
    load: async () => {
      /** @type {[import('./api.js').Answer<Stats>, import('./api.js').Answer<SeverityTrends>]} */
      const [stats, trends] = await Promise.all([get('/api/stats'), get('/api/stats/severity-trends')]);
      if (stats.kind === 'failed') return stats;
      if (trends.kind === 'failed') return trends;
      return { kind: 'ready', value: { stats: stats.value, hours: trends.value.data } };
    },
    isEmpty: (/** @type {{ stats: Stats, hours: Hour[] }} */ { stats }) => stats.total_events === 0,
    emptyText: 'No events yet.',
    render: ({ stats, hours }) => element('div', {}, figures(stats), chart(hours), axis(hours)),
  });
}

/** @param {Stats} stats */
function figures(stats) {
  const day = stats.last_24_hours;
  const pairs = /** @type {const} */ ([
    ['events', amount(day.events)],
    ['▲ HIGH', amount(day.high)],
    ['events the day before', amount(day.events_the_day_before)],
    ['inside now', amount(stats.active_sessions)],
    ['attackers ever', amount(stats.total_attackers)],
    ['events ever', amount(stats.total_events)],
  ]);
  const list = pairs.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value)));
  return element('dl', { class: 'figures' }, ...list);
}

/** Bars of four layers, HIGH at the bottom where it is easiest to compare; each hour tells its numbers. @param {Hour[]} hours */
function chart(hours) {
  const greatest = Math.max(1, ...hours.map((hour) => hour.total));
  const step = width / Math.max(1, hours.length);
  const total = hours.reduce((sum, hour) => sum + hour.total, 0);
  const high = hours.reduce((sum, hour) => sum + hour.HIGH, 0);
  return svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `Events per hour: ${total} in all, ${high} of them HIGH, at most ${greatest} in one hour.`,
    },
    svg('line', { class: 'floor', x1: '0', x2: String(width), y1: String(floor), y2: String(floor) }),
    ...hours.map((hour, index) => bar(hour, index * step, step, greatest)),
  );
}

/** @param {Hour} hour @param {number} x @param {number} step @param {number} greatest */
function bar(hour, x, step, greatest) {
  const words = severities.map((severity) => `${severity} ${hour[severity]}`).join(', ');
  const group = svg('g', {}, svg('title', {}, `${new Date(hour.period).toLocaleString()}: ${words}`));
  let top = floor;
  for (const severity of severities) {
    if (hour[severity] === 0) continue;
    // At least two units, so that one HIGH among thousands is still seen.
    const size = Math.max(2, (hour[severity] / greatest) * (floor - 4));
    top -= size;
    group.append(
      svg('rect', {
        class: severity,
        x: String(x + 1.5),
        y: String(top),
        width: String(step - 3),
        height: String(size),
      }),
    );
  }
  group.append(svg('rect', { x: String(x), y: '0', width: String(step), height: String(floor), fill: 'transparent' }));
  return group;
}

/** Every fourth hour, under its bar as far as equal shares of the width go. @param {Hour[]} hours */
function axis(hours) {
  const labels = hours.filter((_, index) => index % 4 === 0 || index === hours.length - 1);
  return element(
    'div',
    { class: 'axis', 'aria-hidden': 'true' },
    ...labels.map((hour) => element('span', {}, clock(hour))),
  );
}

/** @param {Hour} hour */
function clock({ period }) {
  return `${String(new Date(period).getHours()).padStart(2, '0')}:00`;
}
