import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { eventsQuery } from '../api/queries.ts';
import { EndlessList } from '../kit/endless-list.tsx';
import { EventRow } from '../kit/event-row.tsx';
import { FilterBar, severityChoices } from '../kit/filter-bar.tsx';

const fields = [
  { name: 'severity', label: 'Severity', choices: severityChoices },
  { name: 'source_ip', label: 'Address' },
  { name: 'event_type', label: 'Event type' },
  { name: 'session_id', label: 'Session' },
  { name: 'sensor', label: 'Sensor' },
  { name: 'from', label: 'From (UTC)' },
  { name: 'to', label: 'To (UTC)' },
] as const;

/** Every event, newest first. */
export function Events() {
  const { q: _words, ...filters } = useSearch({ from: '/shell/events' });
  const navigate = useNavigate({ from: '/events' });
  const query = useInfiniteQuery(eventsQuery(filters));
  return (
    <section aria-label="Events">
      <FilterBar
        fields={fields}
        values={filters}
        onChange={(name, value) => void navigate({ search: (before) => ({ ...before, [name]: value }), replace: true })}
      />
      <EndlessList
        query={query}
        keyOf={(event) => event.id}
        row={(event) => <EventRow event={event} />}
        empty="No event fits these filters."
      />
    </section>
  );
}
