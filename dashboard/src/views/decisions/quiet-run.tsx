import type { DecisionRecord } from '@cerberusmesh/contract/api-decisions';
import { counted } from '../../kit/counted.ts';
import { Moment } from '../../kit/moment.tsx';
import { DecisionRow } from './decision-row.tsx';

/** A run of decisions to only watch, which opens to all of them. */
export function QuietRun({ newest, decisions }: { newest: DecisionRecord; decisions: readonly DecisionRecord[] }) {
  const sessions = new Set(decisions.map(({ session_id }) => session_id)).size;
  return (
    <details>
      <summary className="cursor-pointer text-soft">
        <Moment iso={newest.decided_at} /> only watched: {counted(decisions.length, 'decision')} about{' '}
        {counted(sessions, 'session')}
      </summary>
      <ul className="mt-1 divide-y divide-line pl-3">
        {decisions.map((decision) => (
          <li key={decision.id} className="py-1.5">
            <DecisionRow decision={decision} />
          </li>
        ))}
      </ul>
    </details>
  );
}
