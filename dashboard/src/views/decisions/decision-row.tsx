import type { DecisionRecord } from '@cerberusmesh/contract/api-decisions';
import { Badge, SeverityBadge } from '../../kit/badge.tsx';
import { deedName } from '../../kit/deed-name.ts';
import { SessionLink } from '../../kit/links.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Sentence } from '../../kit/sentence.tsx';
import { Unfolded } from '../../kit/unfolded.tsx';
import { DecisionEvidence } from './decision-evidence.tsx';

const verdicts = new Map([
  ['act', { words: '→ decided to act', tone: 'bg-low-ground text-low' }],
  ['ask', { words: '… a person must agree', tone: 'bg-accent-ground text-accent' }],
  ['nothing', { words: '– nothing done', tone: 'bg-unknown-ground text-unknown' }],
]);

/** A decision, its rule and its sentence; `compact` where the page already says of which session. */
export function DecisionRow({ decision, compact = false }: { decision: DecisionRecord; compact?: boolean }) {
  const verdict = verdicts.get(decision.verdict);
  const isQuiet = decision.verdict === 'nothing' && decision.wanted === 'monitor';
  return (
    <div className="grid gap-0.5">
      <div className="flex flex-wrap items-baseline gap-2">
        <Moment iso={decision.decided_at} />
        {isQuiet ? (
          <strong title={decision.wanted}>only watched</strong>
        ) : (
          <>
            <strong title={decision.wanted}>{deedName(decision.wanted)}</strong>
            <Badge {...(verdict ? { tone: verdict.tone } : {})}>{verdict?.words ?? decision.verdict}</Badge>
          </>
        )}
        <SeverityBadge severity={decision.severity} />
        {!compact && <SessionLink sessionId={decision.session_id} sensor={decision.sensor} />}
        {decision.adaptations.map((adaptation) => (
          <span key={adaptation} title={adaptation} className="text-[0.8rem]">
            {deedName(adaptation)}
          </span>
        ))}
      </div>
      <div className="text-[0.85rem] text-soft">
        <Sentence text={decision.why} />{' '}
        {decision.rule !== 'none' && (
          <code
            title={`the rule; policy ${decision.policy_version}, models ${decision.model_version}`}
            className="font-mono text-[0.75rem]"
          >
            {decision.rule}
          </code>
        )}
      </div>
      <Unfolded summary="What it rests on">
        <DecisionEvidence decision={decision} />
      </Unfolded>
    </div>
  );
}
