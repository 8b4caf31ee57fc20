import { eventFields } from '@cerberusmesh/contract/search-fields';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { eventsQuery } from '../api/queries.ts';
import { EndlessList } from '../kit/endless-list.tsx';
import { FilterBar, period, severityChoices } from '../kit/filter-bar.tsx';
import { SearchBox } from '../kit/search-box.tsx';
import { useChangeFilter } from '../kit/use-change-filter.ts';
import { ColumnChoice } from './explore/column-choice.tsx';
import { columnsOf } from './explore/columns.tsx';
import { EventTableHead, EventTableRow } from './explore/event-table.tsx';
import { ExportMenu } from './explore/export-menu.tsx';
import { SavedSearchMenu } from './explore/saved-search-menu.tsx';
import { SearchProgress } from './explore/search-progress.tsx';

const severity = { name: 'severity', label: 'Severity', choices: severityChoices } as const;
/** Links from other views and the addresses of before set these; each is shown where it is set, and can be taken away. */
const named = [
  { name: 'source_ip', label: 'Address' },
  { name: 'event_type', label: 'Event type' },
  { name: 'session_id', label: 'Session' },
  { name: 'sensor', label: 'Sensor' },
] as const;

/** Every event, searched. The address holds the whole of it: search, filters, columns. */
export function Explore() {
  const { columns: chosen, ...filters } = useSearch({ from: '/shell/events' });
  const change = useChangeFilter();
  const query = useInfiniteQuery(eventsQuery({ ...filters, limit: 100 }));
  const columns = columnsOf(chosen);
  const set = named.filter(({ name }) => filters[name] !== undefined);
  const found = query.data?.pages.reduce((sum, page) => sum + page.data.length, 0) ?? 0;
  return (
    <section aria-label="Explore">
      <div className="flex flex-wrap items-start gap-2">
        <SearchBox
          value={filters.q ?? ''}
          fields={eventFields}
          example='severity:HIGH technique:T1105 ip:203.0.113.0/24 "wget" after:24h'
          onSearch={(q) => change('q', q)}
        />
        <SavedSearchMenu q={filters.q ?? ''} columns={columns} />
        <ColumnChoice chosen={columns} onChange={(next) => change('columns', next)} />
        <ExportMenu filters={filters} columns={columns} />
      </div>
      <FilterBar fields={[severity, ...set, ...period]} values={filters} onChange={change} />
      <EventTableHead columns={columns} />
      <EndlessList
        query={query}
        keyOf={(event) => event.id}
        row={(event) => <EventTableRow event={event} columns={columns} />}
        empty={
          query.hasNextPage
            ? 'Nothing yet; still looking further back …'
            : 'No event fits this search and these filters.'
        }
      />
      <SearchProgress query={query} found={found} />
    </section>
  );
}
