import type { UseInfiniteQueryResult } from '@tanstack/react-query';

/** Asks for the next page; absent where there is none. */
export function MoreButton({
  query: { hasNextPage, isFetchingNextPage, fetchNextPage },
}: {
  query: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;
}) {
  if (!hasNextPage) return null;
  return (
    <button
      type="button"
      disabled={isFetchingNextPage}
      className="mt-2 w-full rounded border border-line py-1"
      onClick={() => void fetchNextPage()}
    >
      {isFetchingNextPage ? 'Loading …' : 'More'}
    </button>
  );
}
