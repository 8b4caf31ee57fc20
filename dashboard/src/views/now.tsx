import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { newestEventsQuery, statsQuery } from '../api/queries.ts';
import { Answer } from '../kit/panel.tsx';
import { PendingApprovals } from './decisions/pending-approvals.tsx';
import { ActiveSessions } from './now/active-sessions.tsx';
import { AtAGlance } from './now/at-a-glance.tsx';
import { Hours } from './now/hours.tsx';
import { LiveEvents } from './now/live-events.tsx';
import { NewToday } from './now/new-today.tsx';
import { Origins } from './now/origins.tsx';
import { SourceHealth } from './now/source-health.tsx';

/** What is new first, then what happens, then where from and whether we still see it. */
export function Now() {
  // What is dear to answer or to draw comes after the first rows stand.
  const rowsStand = !useInfiniteQuery(newestEventsQuery).isPending;
  return (
    <div className="grid grid-cols-1 gap-3">
      <AtAGlance />
      <Totals />
      <div className="grid gap-3 grid-cols-1 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 grid-cols-1 content-start gap-3">
          <PendingApprovals />
          <NewToday />
          <LiveEvents />
        </div>
        <div className="grid min-w-0 grid-cols-1 content-start gap-3">
          <ActiveSessions />
          {rowsStand && <Hours />}
          {rowsStand && <SourceHealth />}
          {rowsStand && <Origins />}
        </div>
      </div>
    </div>
  );
}

function Totals() {
  const stats = useQuery(statsQuery);
  return (
    <Answer query={stats}>
      {({ last_24_hours: day, active_sessions, total_attackers, total_events, total_adaptations }) => (
        <dl className="grid grid-cols-2 gap-3 sm:grid-cols-5">
          <Figure name="Events, 24 h" value={day.events} before={day.events_the_day_before} />
          <Figure name="HIGH, 24 h" value={day.high} before={day.high_the_day_before} />
          <Figure name="Sessions open" value={active_sessions} />
          <Figure name="Attackers" value={total_attackers} note={`${total_events.toLocaleString()} events in all`} />
          <Figure name="Adaptations" value={total_adaptations} note="in all" />
        </dl>
      )}
    </Answer>
  );
}

function Figure({ name, value, before, note }: { name: string; value: number; before?: number; note?: string }) {
  return (
    <div className="rounded-lg border border-line bg-card px-3 py-2">
      <dt className="text-[0.8rem] text-soft">{name}</dt>
      <dd className="text-2xl font-semibold tabular-nums">{value.toLocaleString()}</dd>
      <dd className="text-[0.75rem] text-soft">{before === undefined ? note : against(value, before)}</dd>
    </div>
  );
}

function against(value: number, before: number): string {
  if (before === 0) return value === 0 ? 'none the day before either' : 'none the day before';
  const percent = Math.round(((value - before) / before) * 100);
  return `${percent >= 0 ? '▲' : '▼'} ${Math.abs(percent)} % against the day before`;
}
