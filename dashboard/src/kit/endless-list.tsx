import type { Page } from '@cerberusmesh/contract/api';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { Fault, Quiet, Stale } from './panel.tsx';

const rowGuessPixels = 34;
const rowsAhead = 12;

/**
 * A list of any length: only the rows on the screen exist, and the next page is asked for before the last row comes
 * into sight.
 */
export function EndlessList<Item>({
  query,
  keyOf,
  row,
  empty,
}: {
  query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  keyOf: (item: Item) => string;
  row: (item: Item) => ReactNode;
  empty: ReactNode;
}) {
  const items = query.data?.pages.flatMap((page) => page.data) ?? [];
  const [offset, setOffset] = useState(0);
  const measureOffset = useCallback((list: HTMLUListElement | null) => setOffset(list?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => rowGuessPixels,
    overscan: rowsAhead,
    scrollMargin: offset,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });
  const rows = virtual.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= items.length - rowsAhead) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastShown, items.length]);

  if (query.error && items.length === 0) return <Fault error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Quiet>Loading …</Quiet>;
  if (items.length === 0) return <Quiet>{empty}</Quiet>;
  return (
    <>
      <Stale query={query} />
      <ul ref={measureOffset} className="relative" style={{ height: virtual.getTotalSize() }}>
        {rows.map(({ index, key, start }) => {
          const item = items[index];
          return (
            item !== undefined && (
              <li
                key={key}
                data-index={index}
                ref={virtual.measureElement}
                className="absolute left-0 top-0 w-full border-b border-line py-1.5"
                style={{ transform: `translateY(${start - offset}px)` }}
              >
                {row(item)}
              </li>
            )
          );
        })}
      </ul>
      {isFetchingNextPage && <Quiet>Loading more …</Quiet>}
    </>
  );
}
