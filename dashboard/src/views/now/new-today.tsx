import type { Page } from '@cerberusmesh/contract/api';
import type { Novelty } from '@cerberusmesh/contract/api-campaigns';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { get } from '../../api/ask.ts';
import { Badge } from '../../kit/badge.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Shape } from '../../kit/shape.tsx';

const noveltyQuery = queryOptions({
  queryKey: ['novelty'],
  queryFn: () => get<Page<Novelty>>('/api/novelty', { limit: 5 }),
  refetchInterval: 30_000,
});

/** What nobody has seen before. Absent on a day that brought nothing new. */
export function NewToday() {
  const shapes = useQuery(noveltyQuery).data?.data ?? [];
  if (shapes.length === 0) return null;
  return (
    <Panel title="New today" aside="never seen before by any sensor">
      <ul className="divide-y divide-line">
        {shapes.map((shape) => (
          <li key={shape.id} className="flex flex-wrap items-baseline gap-2 py-1.5">
            <Moment iso={shape.first_seen} />
            <Badge tone="bg-accent-ground text-accent">new shape</Badge>
            <span className="min-w-0">
              <Shape text={shape.shape} max={140} />
            </span>
            <span className="text-soft">
              {shape.sessions} {shape.sessions === 1 ? 'session' : 'sessions'} since
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
