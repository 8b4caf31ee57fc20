import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { eventQuery } from '../api/queries.ts';
import { SeverityBadge } from '../kit/badge.tsx';
import { EventRow, Said } from '../kit/event-row.tsx';
import { Facts } from '../kit/facts.tsx';
import { AttackerLink, SessionLink } from '../kit/links.tsx';
import { Moment } from '../kit/moment.tsx';
import { Answer, Panel } from '../kit/panel.tsx';
import { Untrusted } from '../kit/untrusted.tsx';
import { Assessed } from './event/assessed.tsx';
import { GiveFeedback } from './event/give-feedback.tsx';

const rawLinesMax = 500;
const rawLineCharactersMax = 4000;

/** One event, whole: what was said, what it means and why, what stood around it. */
export function EventView() {
  const { eventId } = useParams({ from: '/shell/events/$eventId' });
  const event = useQuery(eventQuery(eventId));
  return (
    <Answer query={event}>
      {(it) => (
        <div className="grid items-start gap-3 lg:grid-cols-2">
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
        </div>
      )}
    </Answer>
  );
}

/** Line by line: within a line every odd character is an attacker's, and is shown by its name. */
function RawEvent({ raw }: { raw: unknown }) {
  const lines = JSON.stringify(raw, null, 2).split('\n').slice(0, rawLinesMax);
  return (
    <pre className="whitespace-pre-wrap text-[0.8rem]">
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one event never move.
        <div key={at}>
          <Untrusted text={line} mono max={rawLineCharactersMax} />
        </div>
      ))}
    </pre>
  );
}
