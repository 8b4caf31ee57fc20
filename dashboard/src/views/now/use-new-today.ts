import { queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/ask.ts';
import { touchesQuery } from '../../api/queries.ts';

/** More of either are told as so many and more. */
export const newTodayMax = 5;
const refreshMs = 30_000;
const dayMs = 86_400_000;

const noveltyQuery = queryOptions({
  queryKey: ['novelty'],
  queryFn: () => dataOf(api.GET('/api/novelty', { params: { query: { limit: newTodayMax } } })),
  refetchInterval: refreshMs,
});

/** Sequences that no sensor had seen before, and lures that were used, in 24 hours; undefined until they are told. */
export function useNewToday() {
  const shapes = useQuery(noveltyQuery).data?.data;
  const touches = useInfiniteQuery({ ...touchesQuery({ limit: newTodayMax }), refetchInterval: refreshMs })
    .data?.pages.flatMap((page) => page.data)
    .filter(({ touched_at }) => Date.now() - Date.parse(touched_at) < dayMs);
  return { shapes, touches };
}
