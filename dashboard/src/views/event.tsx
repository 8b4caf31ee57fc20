import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { eventQuery } from '../api/queries.ts';
import { SeverityBadge } from '../kit/badge.tsx';
import { Columns } from '../kit/columns.tsx';
import { EventRow, Said } from '../kit/event-row.tsx';
import { Facts } from '../kit/facts.tsx';
import { AttackerLink, SessionLink } from '../kit/links.tsx';
import { Moment } from '../kit/moment.tsx';
import { Answer, Panel } from '../kit/panel.tsx';
import { Untrusted } from '../kit/untrusted.tsx';
import { Assessed } from './event/assessed.tsx';
import { GiveFeedback } from './event/give-feedback.tsx';
import { RawEvent } from './event/raw-event.tsx';

/** One event, whole: what was said, what it means and why, what stood around it. */
export function EventView() {
  const { eventId } = useParams({ from: '/shell/events/$eventId' });
  const event = useQuery(eventQuery(eventId));
  return (
    <Answer query={event}>
      {(it) => (
        <Columns>
          <Panel title="What happened" aside={<SeverityBadge severity={it.severity} />}>
            <p className="mb-3 rounded bg-sunken p-2">
              <Said event={it} />
            </p>
            <Facts
              facts={[
                ['Time', <Moment key="t" iso={it.timestamp} />],
                ['Event', <Untrusted key="e" text={it.event_type} />],
                ['Sensor', <Untrusted key="s" text={it.sensor} />],
                ['From', it.source_ip === null ? '–' : <AttackerLink key="a" address={it.source_ip} />],
                [
                  'Session',
                  it.session_id === null ? '–' : <SessionLink key="i" sessionId={it.session_id} sensor={it.sensor} />,
                ],
              ]}
            />
          </Panel>
          <Panel title="What it means" aside={it.is_analyzed ? undefined : 'waits for a model'}>
            <Assessed event={it} />
            <GiveFeedback event={it} />
          </Panel>
          <Panel title="Around it" aside="up to five events of the session on either side">
            <ul className="divide-y divide-line">
              {[...it.before, it, ...it.after].map((each) => (
                <li key={each.id} className={`py-1.5 ${each.id === it.id ? 'bg-accent-ground' : ''}`}>
                  <EventRow event={each} compact />
                </li>
              ))}
            </ul>
          </Panel>
          <Panel title="As it came">
            <RawEvent raw={it.raw_event} />
          </Panel>
        </Columns>
      )}
    </Answer>
  );
}
