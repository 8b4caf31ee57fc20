import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { eventsQuery } from '../api/queries.ts';
import { EventRow } from '../kit/event-row.tsx';
import { severityChoices } from '../kit/filter-bar.tsx';
import { FilteredList } from '../kit/filtered-list.tsx';

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
  const filters = useSearch({ from: '/shell/events' });
  const query = useInfiniteQuery(eventsQuery(filters));
  return (
    <FilteredList
      label="Events"
      fields={fields}
      filters={filters}
      query={query}
      keyOf={(event) => event.id}
      row={(event) => <EventRow event={event} />}
      empty="No event fits these filters."
    />
  );
}
