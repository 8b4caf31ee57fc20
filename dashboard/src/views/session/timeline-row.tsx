import type { TimelineEvent } from '@cerberusmesh/contract/api-sessions';
import { useState } from 'react';
import { SeverityBadge } from '../../kit/badge.tsx';
import { EventRow } from '../../kit/event-row.tsx';
import { honestText } from '../../kit/honest-text.ts';
import { PlainEventLink, Techniques } from '../../kit/links.tsx';
import { Moment } from '../../kit/moment.tsx';
import { shownMax, Untrusted } from '../../kit/untrusted.tsx';
import { GiveFeedback } from '../event/give-feedback.tsx';
import { cutBySpans } from './spans.ts';

/** An event of a session; in a command the words are marked that gave its techniques away. */
export function TimelineRow({
  event,
  isNow,
  onSeek,
}: {
  event: TimelineEvent;
  isNow: boolean;
  /** Absent where there is no recording. */
  onSeek: (() => void) | undefined;
}) {
  return (
    <li
      id={`event-${event.id}`}
      aria-current={isNow ? 'time' : undefined}
      className={`py-1.5 ${isNow ? 'border-l-4 border-accent bg-accent-ground pl-2' : ''}`}
    >
      {event.command === null ? (
        <EventRow event={event} compact />
      ) : (
        <TypedRow event={event} command={event.command} onSeek={onSeek} />
      )}
    </li>
  );
}

function TypedRow({
  event,
  command,
  onSeek,
}: {
  event: TimelineEvent;
  command: string;
  onSeek: (() => void) | undefined;
}) {
  // A timeline of a thousand commands asks for none of the answers that stand until somebody looks.
  const [isAsked, setIsAsked] = useState(false);
  return (
    <div className="grid grid-cols-[auto_auto_1fr] items-baseline gap-x-2 gap-y-0.5 sm:grid-cols-[7rem_6rem_minmax(0,1fr)]">
      <Moment iso={event.timestamp} />
      <span>
        <SeverityBadge severity={event.severity} />
      </span>
      <div className="col-span-3 min-w-0 sm:col-span-1">
        <PlainEventLink id={event.id}>
          <span title={honestText(event.event_type)}>$</span>
        </PlainEventLink>{' '}
        <Marked command={command} event={event} />
        <div className="mt-0.5 flex flex-wrap items-baseline gap-2 text-[0.75rem] text-soft">
          {onSeek && (
            <button type="button" onClick={onSeek} className="rounded border border-line px-1.5 hover:bg-sunken">
              ▶ see it
            </button>
          )}
          <details onToggle={({ currentTarget }) => setIsAsked(currentTarget.open)}>
            <summary>Is the severity right?</summary>
            {isAsked && <GiveFeedback event={event} />}
          </details>
        </div>
      </div>
    </div>
  );
}

/** The command once, each technique behind the last of its words; what no words of it told stands at the end. */
function Marked({ command, event }: { command: string; event: TimelineEvent }) {
  const pieces = cutBySpans(command.slice(0, shownMax), event.findings);
  const marked = new Set(pieces.flatMap(({ ids }) => ids));
  return (
    <>
      {pieces.map(({ text, ids, start }, at) =>
        ids.length === 0 ? (
          <Untrusted key={start} text={text} mono />
        ) : (
          <mark key={start} className="rounded bg-medium-ground text-medium">
            <Untrusted text={text} mono />
            {ids
              .filter((id) => !pieces[at + 1]?.ids.includes(id))
              .map((id) => (
                <span key={id} className="mx-1 font-mono text-[0.68rem]">
                  {id}
                </span>
              ))}
          </mark>
        ),
      )}
      {(command.length > shownMax || event.shortened) && <span className="text-soft"> … longer</span>}{' '}
      <Techniques ids={event.techniques.filter((id) => !marked.has(id))} />
    </>
  );
}
