import type { EventDetails } from '@cerberusmesh/contract/api-events';
import { Facts } from '../../kit/facts.tsx';
import { percent } from '../../kit/percent.ts';
import { Untrusted } from '../../kit/untrusted.tsx';

interface Finding {
  readonly id: string;
  readonly confidence: number;
  readonly why: string;
}

/** Severity and scores, and each technique with the rule and the words that told it. */
export function Assessed({ event }: { event: EventDetails }) {
  const findings = findingsOf(event.assessment);
  return (
    <>
      {event.why !== null && (
        <p className="mb-2">
          <Untrusted text={event.why} />
        </p>
      )}
      <Facts
        facts={[
          ['Attack type', event.attack_type ?? '–'],
          ['Confidence', percent(event.confidence)],
          ['Threat score', percent(event.threat_score)],
          ['Unlike every day', percent(event.anomaly_score)],
        ]}
      />
      {findings.length > 0 && (
        <ul className="mt-3 divide-y divide-line">
          {findings.map(({ id, confidence, why }) => (
            <li key={id} className="grid grid-cols-[5.5rem_3rem_1fr] gap-2 py-1">
              <span className="font-mono text-[0.85em]">{id}</span>
              <span className="tabular-nums text-soft">{percent(confidence)}</span>
              <Untrusted text={why} mono max={400} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** The contract leaves an assessment's explanation open, so that older ones can still be read. */
function findingsOf(assessment: unknown): Finding[] {
  if (typeof assessment !== 'object' || assessment === null || !('techniques' in assessment)) return [];
  const { techniques } = assessment;
  return Array.isArray(techniques) ? techniques.filter(isFinding) : [];
}

function isFinding(value: unknown): value is Finding {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'confidence' in value &&
    typeof value.confidence === 'number' &&
    'why' in value &&
    typeof value.why === 'string'
  );
}
