import type { EventSummary } from '@cerberusmesh/contract/api-events';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { newestEventsQuery } from '../../api/queries.ts';
import { EventRow } from '../../kit/event-row.tsx';
import { Fault, Panel, Quiet } from '../../kit/panel.tsx';
import { useChangeFilter } from '../../kit/use-change-filter.ts';
import { useGrowing } from '../../kit/use-growing.ts';
import { useFeed } from '../../live/use-feed.ts';
import { createThinning } from './thinning.ts';

const severities = ['HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'] as const;
const rowsMax = 120;
/** About as many as fit on a screen stand at once; the rest follows, ten a frame: a row new on the page is almost a millisecond. */
const growth = { first: 10, step: 10 };
/** Faster than anybody reads, more than a screen of rows would only be thrown away. */
const floodRowsMax = 20;

/** The feed as it comes, after what was stored last; it can be held still to be read. */
export function LiveEvents() {
  const [held, setHeld] = useState<readonly EventSummary[]>();
  const live = useFeed((feed) => feed.events);
  const isFlood = useFeed((feed) => feed.isFlood) && held === undefined;
  const stored = useInfiniteQuery(newestEventsQuery);
  const { hide = '', probes } = useSearch({ from: '/shell/' });
  const change = useChangeFilter();
  const hidden = hide.split(',');

  const events = held ?? live;
  const known = new Set(events.map(({ id }) => id));
  const earlier = stored.data?.pages.flatMap((page) => page.data).filter(({ id }) => !known.has(id)) ?? [];
  const fitting = [...events, ...earlier].filter(
    ({ severity, is_probe }) => !hidden.includes(severity) && (probes !== undefined || !is_probe),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter begins anew.
  const thinning = useMemo(createThinning, [hide, probes]);
  const shown = thinning.next(fitting, isFlood);
  const rows = shown.slice(0, useGrowing(Math.min(shown.length, isFlood ? floodRowsMax : rowsMax), growth));
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
        <ul id="live-events" className="divide-y divide-line max-h-[32rem] overflow-y-auto lg:max-h-[70rem]">
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
