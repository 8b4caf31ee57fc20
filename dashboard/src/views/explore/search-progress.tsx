import type { EventPage } from '@cerberusmesh/contract/api-events';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Moment } from '../../kit/moment.tsx';

/** Matches that are enough to fill a screen; then the list's own scrolling asks for more. */
const enough = 60;

/** Lets a search go on that has not found a screen's worth yet, and tells how far back it came. */
export function SearchProgress({
  query,
  found,
}: {
  query: UseInfiniteQueryResult<InfiniteData<EventPage>>;
  found: number;
}) {
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const searchedTo = query.data?.pages.at(-1)?.searched_to;
  const goesOn = hasNextPage && !isError && found < enough && searchedTo !== undefined;
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage();
  }, [goesOn, isFetching, fetchNextPage]);
  if (searchedTo === undefined || !hasNextPage) return null;
  return (
    <p role="status" className="py-2 text-center text-soft">
      Looked back to <Moment iso={searchedTo} />, found {found.toLocaleString()} {goesOn && '…'}
    </p>
  );
}
