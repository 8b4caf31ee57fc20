import type { DriftReport } from '@cerberusmesh/contract/models';
import { Badge } from '../../kit/badge.tsx';
import { counted } from '../../kit/counted.ts';
import { Panel } from '../../kit/panel.tsx';

const tones = new Map([
  ['stable', 'bg-low-ground text-low'],
  ['shifting', 'bg-medium-ground text-medium'],
  ['drifted', 'bg-high-ground text-high'],
]);

const means = new Map([
  ['stable', 'What is seen now is like what the models were trained on.'],
  ['shifting', 'What is seen now begins to differ from what the models were trained on.'],
  ['drifted', 'What is seen now differs from what the models were trained on: train them anew where they judge worse.'],
  ['unknown', 'Too little was seen so far to compare it with what the models were trained on.'],
]);

/** How far the latest events are from those that the models were trained on. */
export function Drift({ drift: { status, events, features } }: { drift: DriftReport }) {
  return (
    <Panel
      title="Drift"
      aside={`population stability index of the latest ${counted(events, 'event')}; above 0.25 has drifted`}
    >
      <p className="mb-2">
        <Tone status={status} /> <span className="text-[0.85rem] text-soft">{means.get(status)}</span>
      </p>
      <ul className="divide-y divide-line">
        {features.map((feature) => (
          <li key={feature.name} className="flex items-baseline justify-between gap-2 py-1">
            {feature.name}
            <span className="flex items-baseline gap-2">
              <span className="tabular-nums text-soft">
                {feature.status === 'unknown' ? '' : feature.psi.toFixed(3)}
              </span>
              <Tone status={feature.status} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Tone({ status }: { status: string }) {
  const tone = tones.get(status);
  return <Badge {...(tone === undefined ? {} : { tone })}>{status}</Badge>;
}
