import type { EventSummary } from '@cerberusmesh/contract/api-events';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { newestEventsQuery } from '../../api/queries.ts';
import { EventRow } from '../../kit/event-row.tsx';
import { Fault, Panel, Quiet } from '../../kit/panel.tsx';
import { useChangeFilter } from '../../kit/use-change-filter.ts';
import { useGrowing } from '../../kit/use-growing.ts';
import { useFeed } from '../../live/use-feed.ts';

const severities = ['HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'] as const;
const rowsMax = 120;
/** As many as fill a screen stand at once; the rest follows, so that no frame draws them all. */
const rowsAtOnce = 30;
/** Faster than anybody reads, all rows are new at each update: more than a screen of them would only be thrown away. */
const flood = { eventsPerSecond: 200, rowsMax: 20 };

/** The feed as it comes, after what was stored last; it can be held still to be read. */
export function LiveEvents() {
  const { events: live, eventsPerSecond } = useFeed();
  const stored = useInfiniteQuery(newestEventsQuery);
  const { hide = '', probes } = useSearch({ from: '/shell/' });
  const change = useChangeFilter();
  const hidden = hide.split(',');
  const [held, setHeld] = useState<readonly EventSummary[]>();

  const isFlood = held === undefined && eventsPerSecond > flood.eventsPerSecond;
  const events = held ?? live;
  const known = new Set(events.map(({ id }) => id));
  const earlier = stored.data?.pages.flatMap((page) => page.data).filter(({ id }) => !known.has(id)) ?? [];
  const fitting = [...events, ...earlier].filter(
    ({ severity, is_probe }) => !hidden.includes(severity) && (probes !== undefined || !is_probe),
  );
  const rows = fitting.slice(0, useGrowing(Math.min(fitting.length, isFlood ? flood.rowsMax : rowsMax), rowsAtOnce));
  const waiting = held === undefined ? 0 : newSince(live, held);
  return (
    <Panel
      title="Live events"
      aside={
        <span className="flex flex-wrap items-center gap-3">
          {severities.map((severity) => (
            <label key={severity} className="flex items-center gap-1">
              <input
                type="checkbox"
                checked={!hidden.includes(severity)}
                onChange={({ target }) => change('hide', hiddenOf(hidden, severity, !target.checked))}
              />
              {severity}
            </label>
          ))}
          <label className="flex items-center gap-1">
            <input
              type="checkbox"
              checked={probes !== undefined}
              onChange={({ target }) => change('probes', target.checked ? 'shown' : undefined)}
            />
            our probes
          </label>
          <button
            type="button"
            className="rounded border border-line px-2 py-0.5"
            onClick={() => setHeld(held === undefined ? live : undefined)}
          >
            {held === undefined ? '❚❚ Hold' : `▶ Go on (${waiting} new)`}
          </button>
        </span>
      }
    >
      {stored.error && rows.length === 0 ? (
        <Fault error={stored.error} onRetry={() => void stored.refetch()} />
      ) : rows.length === 0 ? (
        <Quiet>{stored.isPending ? 'Loading …' : 'No event yet. What a honeypot sees appears here by itself.'}</Quiet>
      ) : (
        <ul id="live-events" className="divide-y divide-line max-lg:max-h-[32rem] max-lg:overflow-y-auto">
          {rows.map((event) => (
            // Its layout is its own: else the browser measures the whole page for each row that comes.
            <li key={event.id} className="py-1.5 contain-content">
              <EventRow event={event} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** As the address holds it; undefined where nothing is hidden. */
function hiddenOf(hidden: readonly string[], severity: string, isHidden: boolean): string | undefined {
  const next = severities.filter((each) => (each === severity ? isHidden : hidden.includes(each)));
  return next.length === 0 ? undefined : next.join(',');
}

function newSince(live: readonly EventSummary[], held: readonly EventSummary[]): number {
  const at = live.findIndex(({ id }) => id === held[0]?.id);
  return at < 0 ? live.length : at;
}
