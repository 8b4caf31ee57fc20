import type { SessionSummary } from '@cerberusmesh/contract/api-sessions';
import { sessionFields } from '@cerberusmesh/contract/search-fields';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { sessionsQuery } from '../api/queries.ts';
import { SeverityBadge } from '../kit/badge.tsx';
import { counted } from '../kit/counted.ts';
import { period, severityChoices } from '../kit/filter-bar.tsx';
import { FilteredList } from '../kit/filtered-list.tsx';
import { AttackerLink, SessionLink, Techniques } from '../kit/links.tsx';
import { durationOf, Moment } from '../kit/moment.tsx';
import { Untrusted } from '../kit/untrusted.tsx';
import { placeName } from '../kit/whereabouts.tsx';

const fields = [
  { name: 'severity', label: 'Severity', choices: severityChoices },
  {
    name: 'successful_login',
    label: 'Logged in',
    choices: [
      ['true', 'yes'],
      ['false', 'no'],
    ],
  },
  {
    name: 'active',
    label: 'Open',
    choices: [
      ['true', 'yes'],
      ['false', 'no'],
    ],
  },
  { name: 'source_ip', label: 'Address' },
  { name: 'sensor', label: 'Sensor' },
  ...period,
] as const;

/** Every visit, newest first. */
export function Sessions() {
  const filters = useSearch({ from: '/shell/sessions' });
  const query = useInfiniteQuery(sessionsQuery(filters));
  return (
    <FilteredList
      label="Sessions"
      fields={fields}
      searchFields={sessionFields}
      searchExample="is:loggedin severity:HIGH technique:T1105 commands:>5 after:24h"
      filters={filters}
      query={query}
      keyOf={(session) => session.id}
      row={(session) => <SessionRow session={session} />}
      empty="No session fits these filters."
    />
  );
}

/** `compact` where the page already says whose it is. */
export function SessionRow({ session, compact = false }: { session: SessionSummary; compact?: boolean }) {
  const columns = compact ? 'sm:grid-cols-[7rem_6rem_7rem_1fr]' : 'sm:grid-cols-[7rem_6rem_7rem_10rem_1fr]';
  return (
    <div className={`grid grid-cols-[auto_auto_1fr] items-baseline gap-x-2 ${columns}`}>
      <Moment iso={session.start_time} />
      <span>
        <SeverityBadge severity={session.severity} />
      </span>
      <SessionLink sessionId={session.session_id} sensor={session.sensor} />
      {!compact && (
        <span className="truncate">{session.source_ip !== null && <AttackerLink address={session.source_ip} />}</span>
      )}
      <span className="col-span-3 min-w-0 text-[0.85rem] sm:col-span-1">
        {session.successful_login ? <strong>✓ logged in</strong> : <span className="text-soft">no login</span>}
        {session.command_count > 0 && <strong> · {counted(session.command_count, 'command')}</strong>}
        <span className="text-soft">
          {' '}
          · {durationOf(session.start_time, session.end_time ?? session.last_event_time)}
        </span>
        {!compact && session.origin && (
          <span className="text-soft">
            {' '}
            · <Untrusted text={placeName(session.origin)} max={90} />
          </span>
        )}
        {session.is_active && <strong className="text-low"> · open</strong>}{' '}
        <Techniques ids={session.techniques} max={6} />
      </span>
    </div>
  );
}
