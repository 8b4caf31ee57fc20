import { useInfiniteQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { sessionQuery } from '../api/queries.ts';
import { counted } from '../kit/counted.ts';
import { MoreButton } from '../kit/more-button.tsx';
import { Answer, Panel } from '../kit/panel.tsx';
import { About } from './session/about.tsx';
import { Artifacts } from './session/artifacts.tsx';
import { DoneAbout } from './session/done-about.tsx';
import { InShort } from './session/in-short.tsx';
import { Kin } from './session/kin.tsx';
import { Replay } from './session/replay.tsx';
import { TimelineRow } from './session/timeline-row.tsx';
import { Touches } from './session/touches.tsx';
import { useReplay } from './session/use-replay.ts';
import { SessionReading } from './session-reading.tsx';

const openRefreshMs = 3_000;

/** One visit: what was done in it, what was done about it, and who does the same. */
export function SessionView() {
  const { sessionId } = useParams({ from: '/shell/sessions/$sessionId' });
  const { sensor } = useSearch({ from: '/shell/sessions/$sessionId' });
  const session = useInfiniteQuery({
    ...sessionQuery(sessionId, sensor),
    refetchInterval: ({ state }) => (state.data?.pages[0]?.is_active ? openRefreshMs : false),
  });
  const replayOf = useReplay(session.data?.pages[0]?.id);
  return (
    <Answer query={session}>
      {({ pages }) => {
        const [head] = pages;
        const events = pages.flatMap((page) => page.timeline.data);
        const replay = replayOf(events);
        return (
          <div className="grid gap-3 lg:grid-cols-[minmax(0,1fr)_26rem] xl:grid-cols-[minmax(0,1fr)_38rem]">
            {head && (
              <div className="min-w-0 lg:col-span-2">
                <InShort session={head} events={events} />
              </div>
            )}
            <div className="min-w-0">
              <Panel title="Timeline" aside={head && counted(head.event_count, 'event')}>
                <ul id="timeline" className="divide-y divide-line">
                  {events.map((event) => (
                    <TimelineRow
                      key={event.id}
                      event={event}
                      isNow={event.id === replay.nowId}
                      onSeek={replay.seekTo && (() => replay.seekTo?.(event))}
                    />
                  ))}
                </ul>
                <MoreButton query={session} />
              </Panel>
            </div>
            <div className="grid min-w-0 content-start gap-3">
              {replay.cast && <Replay cast={replay.cast} seekTo={replay.sought} onTime={replay.onTime} />}
              {head && <About session={head} />}
              {head && <SessionReading sessionId={head.session_id} events={events} />}
              {head && <Touches sessionId={head.session_id} />}
              {head && <DoneAbout sessionId={head.session_id} />}
              {head && <Artifacts id={head.id} />}
              {head && <Kin id={head.id} />}
            </div>
          </div>
        );
      }}
    </Answer>
  );
}
