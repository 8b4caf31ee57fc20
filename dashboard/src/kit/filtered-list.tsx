import type { Page } from '@cerberusmesh/contract/api';
import type { SearchFields } from '@cerberusmesh/contract/search-fields';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EndlessList } from './endless-list.tsx';
import { FilterBar, type FilterField } from './filter-bar.tsx';
import { SearchBox } from './search-box.tsx';
import { useChangeFilter } from './use-change-filter.ts';

/** A view that is one list under its filters; the filters are kept in the address and nowhere else. */
export function FilteredList<Item>(view: {
  readonly label: string;
  readonly fields: readonly FilterField[];
  /** Where the list can be searched: what its searches may name. */
  readonly searchFields?: SearchFields;
  readonly searchExample?: string;
  readonly filters: Readonly<Record<string, string | undefined>>;
  readonly query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  readonly keyOf: (item: Item) => string;
  readonly row: (item: Item) => ReactNode;
  readonly empty: ReactNode;
  /** Beside the filters. */
  readonly aside?: ReactNode;
}) {
  const { label, fields, searchFields, searchExample = '', filters, aside, ...list } = view;
  const changeFilter = useChangeFilter();
  return (
    <section aria-label={label}>
      {searchFields && (
        <SearchBox
          value={filters['q'] ?? ''}
          fields={searchFields}
          example={searchExample}
          onSearch={(q) => changeFilter('q', q)}
        />
      )}
      <FilterBar fields={fields} values={filters} onChange={changeFilter}>
        {aside}
      </FilterBar>
      <EndlessList {...list} />
    </section>
  );
}
