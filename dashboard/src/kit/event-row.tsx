import type { EventSummary } from '@cerberusmesh/contract/api-events';
import { memo } from 'react';
import { Badge, SeverityBadge } from './badge.tsx';
import { eventName } from './event-name.ts';
import { PlainAttackerLink, PlainEventLink, Techniques } from './links.tsx';
import { Moment } from './moment.tsx';
import { shownMax, Untrusted } from './untrusted.tsx';

/**
 * One event in a line; `compact` where the page already says whose it is. Kept as it was drawn: the live list changes
 * several times a second, and most of its rows were there before.
 */
export const EventRow = memo(function EventRow({ event, compact = false }: { event: EventSummary; compact?: boolean }) {
  return (
    <div className="grid grid-cols-[auto_auto_1fr] items-baseline gap-x-2 gap-y-0.5 sm:grid-cols-[7rem_6rem_10rem_minmax(0,1fr)]">
      <Moment iso={event.timestamp} />
      <span>
        <SeverityBadge severity={event.severity} />
      </span>
      {!compact && (
        <span className="truncate">{event.source_ip !== null && <PlainAttackerLink address={event.source_ip} />}</span>
      )}
      <span className={`min-w-0 ${compact ? 'col-span-3 sm:col-span-2' : 'col-span-3 sm:col-span-1'}`}>
        <PlainEventLink id={event.id}>
          <Untrusted text={eventName(event.event_type)} max={80} />
        </PlainEventLink>{' '}
        <Said event={event} max={rowCharactersMax} /> <Techniques ids={event.techniques} max={5} />
        {event.is_probe && <Badge>our probe</Badge>}
      </span>
    </div>
  );
});

/** Of a list: one line of 300 commands pushed all others off the page. The event itself shows more. */
export const rowCharactersMax = 400;

/** What a visitor typed, or the name and password that he tried; of each text at most `max` characters. */
export function Said({
  event,
  max = shownMax,
}: {
  event: Pick<EventSummary, 'command' | 'username' | 'password' | 'shortened'>;
  max?: number;
}) {
  const longer = event.shortened && <span className="text-soft"> … longer</span>;
  if (event.command !== null) {
    return (
      <>
        <Untrusted text={event.command} mono max={max} />
        {longer}
      </>
    );
  }
  if (event.username === null) return null;
  return (
    <>
      <Untrusted text={event.username} mono max={max} /> <span className="text-soft">/</span>{' '}
      {event.password !== null && <Untrusted text={event.password} mono max={max} />}
      {longer}
    </>
  );
}
