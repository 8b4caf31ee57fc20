import type { TimelineEvent } from '@cerberusmesh/contract/api-sessions';
import { EventRow } from '../../kit/event-row.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';
import { GiveFeedback } from '../event/give-feedback.tsx';
import { cutBySpans } from './spans.ts';

/** An event of a session; under a command the words that gave its techniques away. */
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
  const { command } = event;
  return (
    <li
      id={`event-${event.id}`}
      aria-current={isNow ? 'time' : undefined}
      className={`py-1.5 ${isNow ? 'border-l-4 border-accent bg-accent-ground pl-2' : ''}`}
    >
      <EventRow event={event} compact />
      {command !== null && <ToldBy command={command} findings={event.findings} />}
      {command !== null && (
        <div className="flex flex-wrap items-baseline gap-2 text-[0.8rem]">
          {onSeek && (
            <button type="button" onClick={onSeek} className="rounded border border-line px-1.5 hover:bg-sunken">
              ▶ see it
            </button>
          )}
          <details>
            <summary className="text-soft">Is the severity right?</summary>
            <GiveFeedback event={event} />
          </details>
        </div>
      )}
    </li>
  );
}

function ToldBy({ command, findings }: { command: string; findings: TimelineEvent['findings'] }) {
  const pieces = cutBySpans(command, findings).filter(({ ids }) => ids.length > 0);
  if (pieces.length === 0) return null;
  return (
    <p className="mt-0.5 flex flex-wrap gap-1 text-[0.8rem]">
      <span className="text-soft">told by</span>
      {pieces.map(({ text, ids, start }) => (
        <mark key={start} className="rounded bg-medium-ground px-1 text-medium">
          <Untrusted text={text} mono max={200} /> <span className="font-mono text-[0.85em]">{ids.join(' ')}</span>
        </mark>
      ))}
    </p>
  );
}
