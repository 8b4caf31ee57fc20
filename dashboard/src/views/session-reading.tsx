import type { TimelineEvent } from '@cerberusmesh/contract/api-sessions';
import { useInfiniteQuery } from '@tanstack/react-query';
import { analysesQuery } from '../api/queries.ts';
import { Badge } from '../kit/badge.tsx';
import { eventName } from '../kit/event-name.ts';
import { PlainEventLink } from '../kit/links.tsx';
import { Moment } from '../kit/moment.tsx';
import { Panel } from '../kit/panel.tsx';
import { Untrusted } from '../kit/untrusted.tsx';

/** What the language model read in a session, with the events it points at; absent where it was not asked. */
export function SessionReading({ sessionId, events }: { sessionId: string; events: readonly TimelineEvent[] }) {
  const analyses = useInfiniteQuery(analysesQuery({ session_id: sessionId, limit: 5 })).data?.pages[0]?.data ?? [];
  if (analyses.length === 0) return null;
  return (
    <Panel title="The analyst's reading" aside="a language model's; it can raise, never lower">
      <ul className="divide-y divide-line">
        {analyses.map((analysis) => (
          <li key={analysis.id} className="grid gap-1 py-1.5">
            <div className="flex flex-wrap items-baseline gap-2">
              <Moment iso={analysis.analysed_at} />
              <Badge>{analysis.status}</Badge>
              {analysis.reading && (
                <span>
                  {analysis.reading.severity}, recommends {analysis.reading.recommended_action} (
                  {analysis.recommendation})
                </span>
              )}
            </div>
            <p className="text-[0.85rem]">
              <Untrusted text={analysis.reading?.reasoning ?? analysis.why} max={2_000} />
            </p>
            {analysis.citations.length > 0 && (
              <div className="text-[0.8rem] text-soft">
                It points at
                <ul className="list-disc pl-5">
                  {analysis.citations.map((id) => (
                    <li key={id}>
                      <Citation id={id} event={events.find((event) => event.id === id)} />
                    </li>
                  ))}
                </ul>
              </div>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Leads to the event in the timeline; to its own view where the timeline is not read so far. */
function Citation({ id, event }: { id: string; event: TimelineEvent | undefined }) {
  if (event === undefined) return <PlainEventLink id={id}>an event further on</PlainEventLink>;
  return (
    <button
      type="button"
      className="text-left underline"
      onClick={() => document.getElementById(`event-${id}`)?.scrollIntoView({ block: 'center' })}
    >
      <Moment iso={event.timestamp} /> <Untrusted text={event.command ?? eventName(event.event_type)} mono max={120} />
    </button>
  );
}
