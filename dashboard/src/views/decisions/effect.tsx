import type { EffectReport } from '@cerberusmesh/contract/effect';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/ask.ts';
import { deedName } from '../../kit/deed-name.ts';
import { Answer, Panel } from '../../kit/panel.tsx';

const effectQuery = queryOptions({
  queryKey: ['effect'],
  queryFn: () => dataOf(api.GET('/api/adaptations/effect')),
  refetchInterval: 60_000,
});

/** Sessions that were shown a kind of adaptation against the control group, which is shown none. */
export function Effect() {
  const effect = useQuery(effectQuery);
  return (
    <Panel title="Does it work?" aside="against the control group, 95 % intervals">
      <Answer
        query={effect}
        isEmpty={({ kinds }) => kinds.length === 0}
        empty="No session was shown an adaptation yet."
      >
        {({ kinds }) => (
          <ul className="divide-y divide-line">
            {kinds.map((kind) => (
              <li key={kind.kind} className="py-1.5">
                <strong>{deedName(kind.kind)}</strong>{' '}
                <span className="text-soft">
                  shown to {kind.sessions}, used by {kind.touched_sessions}
                </span>
                <div className="text-[0.85rem]">
                  how long they stay: {told(kind.dwell_seconds)} · how many commands: {told(kind.commands)}
                </div>
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}

type Compared = EffectReport['kinds'][number]['commands'];

function told({ says, ratio, ratio_95 }: Compared): string {
  if (ratio === null || ratio_95 === null) return says;
  return `${says} (× ${ratio.toFixed(2)}, ${ratio_95.low.toFixed(2)} to ${ratio_95.high.toFixed(2)})`;
}
