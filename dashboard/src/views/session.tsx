import { queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { api, dataOf } from '../api/ask.ts';
import { adaptationsQuery, decisionsQuery, sessionQuery } from '../api/queries.ts';
import { SeverityBadge } from '../kit/badge.tsx';
import { Facts } from '../kit/facts.tsx';
import { AttackerLink, SessionLink, Techniques } from '../kit/links.tsx';
import { durationOf, Moment } from '../kit/moment.tsx';
import { Answer, Panel } from '../kit/panel.tsx';
import { Shape } from '../kit/shape.tsx';
import { Untrusted } from '../kit/untrusted.tsx';
import { AdaptationRow } from './decisions/adaptation-row.tsx';
import { DecisionRow } from './decisions/decision-row.tsx';
import { Artifacts } from './session/artifacts.tsx';
import { Replay } from './session/replay.tsx';
import { TimelineRow } from './session/timeline-row.tsx';
import { useReplay } from './session/use-replay.ts';
import { SessionReading } from './session-reading.tsx';

const openRefreshMs = 3_000;

/** `id` is the session's row, since two sensors may give the same session id. */
const kinQuery = (id: string) =>
  queryOptions({
    queryKey: ['kin', id],
    queryFn: () => dataOf(api.GET('/api/sessions/{id}/kin', { params: { path: { id } } })),
  });

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
          <div className="grid gap-3 lg:grid-cols-[1fr_26rem]">
            <Panel title="Timeline" aside={head && `${head.event_count} events`}>
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
              {session.hasNextPage && (
                <button
                  type="button"
                  disabled={session.isFetchingNextPage}
                  className="mt-2 w-full rounded border border-line py-1"
                  onClick={() => void session.fetchNextPage()}
                >
                  {session.isFetchingNextPage ? 'Loading …' : 'More'}
                </button>
              )}
            </Panel>
            <div className="grid content-start gap-3">
              {replay.cast && <Replay cast={replay.cast} seekTo={replay.sought} onTime={replay.onTime} />}
              {head && (
                <Panel title="Session" aside={<SeverityBadge severity={head.severity} />}>
                  <Facts
                    facts={[
                      ['Id', <SessionLink key="i" sessionId={head.session_id} sensor={head.sensor} />],
                      ['Sensor', <Untrusted key="s" text={head.sensor} />],
                      ['From', head.source_ip === null ? '–' : <AttackerLink key="a" address={head.source_ip} />],
                      ['Began', <Moment key="b" iso={head.start_time} />],
                      ['Lasted', durationOf(head.start_time, head.end_time ?? head.last_event_time)],
                      [
                        'Client',
                        head.client_version === null ? '–' : <Untrusted key="c" text={head.client_version} mono />,
                      ],
                      ['HASSH', head.hassh === null ? '–' : <Untrusted key="h" text={head.hassh} mono />],
                      ['Techniques', <Techniques key="t" ids={head.techniques} />],
                    ]}
                  />
                </Panel>
              )}
              <SessionReading sessionId={sessionId} />
              <DoneAbout sessionId={sessionId} />
              {head && <Artifacts id={head.id} />}
              {head && <Kin id={head.id} />}
            </div>
          </div>
        );
      }}
    </Answer>
  );
}

function DoneAbout({ sessionId }: { sessionId: string }) {
  const adaptations =
    useInfiniteQuery(adaptationsQuery({ session_id: sessionId, limit: 20 })).data?.pages[0]?.data ?? [];
  const decisions = useInfiniteQuery(decisionsQuery({ session_id: sessionId, limit: 20 }));
  return (
    <Panel title="What was done about it">
      <Answer
        query={decisions}
        isEmpty={({ pages }) => pages[0]?.data.length === 0}
        empty="Nothing was decided about it."
      >
        {({ pages }) => (
          <ul className="divide-y divide-line">
            {adaptations.map((adaptation) => (
              <li key={adaptation.id} className="py-1.5">
                <AdaptationRow adaptation={adaptation} />
              </li>
            ))}
            {pages[0]?.data.map((decision) => (
              <li key={decision.id} className="py-1.5">
                <DecisionRow decision={decision} />
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}

function Kin({ id }: { id: string }) {
  const kin = useQuery(kinQuery(id));
  return (
    <Panel title="Who does the same">
      <Answer query={kin}>
        {({ campaign, shape, similar, why }) => (
          <>
            {campaign ? (
              <p className="mb-2">
                Belongs to{' '}
                <Link
                  to="/campaigns/$campaignId"
                  params={{ campaignId: campaign.id }}
                  className="font-semibold underline"
                >
                  <Shape text={campaign.name} max={120} />
                </Link>{' '}
                ({campaign.sessions} sessions) by{' '}
                {why.map(({ kind, value }) => (
                  <span key={`${kind} ${value}`} className="mr-1">
                    {kind} <Untrusted text={value} mono max={120} />
                  </span>
                ))}
              </p>
            ) : (
              <p className="mb-2 text-soft">In no campaign; a session is folded when it has ended.</p>
            )}
            {shape?.is_new && (
              <p className="mb-2 font-semibold text-accent">No sensor had seen this sequence before.</p>
            )}
            <ul className="text-[0.85rem]">
              {similar.map((other) => (
                <li key={other.session} className="flex flex-wrap gap-2 py-0.5">
                  <Moment iso={other.start_time} />
                  <SessionLink sessionId={other.session_id} sensor={other.sensor} />
                  {other.source_ip !== null && <AttackerLink address={other.source_ip} />}
                </li>
              ))}
            </ul>
          </>
        )}
      </Answer>
    </Panel>
  );
}
