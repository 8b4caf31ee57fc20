import type { DecisionRecord } from '@cerberusmesh/contract/api-decisions';
import { counted } from '../../kit/counted.ts';
import { deedName } from '../../kit/deed-name.ts';
import { Moment } from '../../kit/moment.tsx';
import { DecisionRow } from './decision-row.tsx';
import { heldBackOf } from './quiet-runs.ts';

/** A run of decisions that did nothing, which opens to all of them; what was held back stands in its head. */
export function QuietRun({ newest, decisions }: { newest: DecisionRecord; decisions: readonly DecisionRecord[] }) {
  const sessions = new Set(decisions.map(({ session_id }) => session_id)).size;
  const held = heldBackOf(decisions);
  return (
    <details>
      <summary className="cursor-pointer text-soft">
        <Moment iso={newest.decided_at} /> {held.length === 0 ? 'only watched' : 'nothing done'}:{' '}
        {counted(decisions.length, 'decision')} about {counted(sessions, 'session')}
        {held.map(([wanted, times]) => (
          <span key={wanted} title={wanted} className="text-text">
            {' '}
            · {deedName(wanted)} held back {counted(times, 'time')}
          </span>
        ))}
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
