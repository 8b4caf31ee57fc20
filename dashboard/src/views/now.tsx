import { useInfiniteQuery } from '@tanstack/react-query';
import { newestEventsQuery } from '../api/queries.ts';
import { useAfterFrame } from '../kit/use-after-frame.ts';
import { PendingApprovals } from './decisions/pending-approvals.tsx';
import { ActiveSessions } from './now/active-sessions.tsx';
import { AtAGlance } from './now/at-a-glance.tsx';
import { Hours } from './now/hours.tsx';
import { LiveEvents } from './now/live-events.tsx';
import { NewToday } from './now/new-today.tsx';
import { Origins } from './now/origins.tsx';
import { SourceHealth } from './now/source-health.tsx';
import { Totals } from './now/totals.tsx';

/** What is new first, then what happens, then where from and whether we still see it. */
export function Now() {
  // What is dear to answer or to draw comes after the first rows stand.
  const rowsStand = useAfterFrame(!useInfiniteQuery(newestEventsQuery).isPending);
  return (
    <div className="grid grid-cols-1 gap-3">
      <AtAGlance />
      <Totals />
      <div className="grid gap-3 grid-cols-1 lg:grid-cols-[minmax(0,1fr)_22rem] min-[200rem]:grid-cols-[minmax(0,1fr)_48rem]">
        <div className="grid min-w-0 grid-cols-1 content-start gap-3">
          <PendingApprovals />
          <NewToday />
          <LiveEvents />
        </div>
        <div className="grid min-w-0 grid-cols-1 content-start items-start gap-3 min-[200rem]:grid-cols-2">
          <ActiveSessions />
          {rowsStand && <Hours />}
          {rowsStand && <SourceHealth isBrief />}
          {rowsStand && <Origins />}
        </div>
      </div>
    </div>
  );
}
