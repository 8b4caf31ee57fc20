import type { ApprovalRecord } from '@cerberusmesh/contract/api-approvals';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiFault, api, dataOf } from '../../api/ask.ts';
import { pendingApprovalsQuery } from '../../api/queries.ts';
import { SeverityBadge } from '../../kit/badge.tsx';
import { deedName } from '../../kit/deed-name.ts';
import { Button } from '../../kit/form.tsx';
import { SessionLink } from '../../kit/links.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Fault, Panel } from '../../kit/panel.tsx';
import { Sentence } from '../../kit/sentence.tsx';

/** What waits for a person; absent where nothing does. */
export function PendingApprovals() {
  const { questions, keep } = useQuestions(useQuery(pendingApprovalsQuery).data?.data ?? []);
  if (questions.length === 0) return null;
  return (
    <Panel title="Waiting for you" aside="unanswered in time, it is not done">
      <ul id="approvals" className="divide-y divide-line">
        {questions.map((approval) => (
          <li key={approval.id} className="py-1.5">
            <Question approval={approval} keep={keep} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/**
 * Those that wait, and those that were answered here: with a question that vanishes under his hand, nobody could tell whether
 * his answer counted or that of whoever was quicker.
 */
export function useQuestions(waiting: readonly ApprovalRecord[]) {
  const [answered, setAnswered] = useState<readonly ApprovalRecord[]>([]);
  const isOf = (list: readonly ApprovalRecord[], { id }: ApprovalRecord) => list.some((each) => each.id === id);
  return {
    questions: [...waiting, ...answered.filter((one) => !isOf(waiting, one))],
    keep: (one: ApprovalRecord) => setAnswered((kept) => (isOf(kept, one) ? kept : [one, ...kept].slice(0, keptMax))),
  };
}

const keptMax = 5;

/** One question with its answers, and then what became of it. */
export function Question({ approval, keep }: { approval: ApprovalRecord; keep: (approval: ApprovalRecord) => void }) {
  const queries = useQueryClient();
  const answer = useMutation({
    mutationFn: (said: 'approved' | 'rejected') =>
      dataOf(api.POST('/api/approvals/{id}', { params: { path: { id: approval.id } }, body: { answer: said } })),
    onMutate: () => keep(approval),
    onSettled: () => queries.invalidateQueries({ queryKey: pendingApprovalsQuery.queryKey }),
  });
  const isSomebodyElses = answer.error instanceof ApiFault && answer.error.status === 409;
  return (
    <div className="grid gap-0.5">
      <div className="flex flex-wrap items-baseline gap-2">
        <strong>{[approval.decision, ...approval.adaptations, ...approval.also].map(deedName).join(', ')}</strong>
        <SeverityBadge severity={approval.severity} />
        <SessionLink sessionId={approval.session_id} sensor={approval.sensor} />
        <span className="text-soft">
          until <Moment iso={approval.expires_at} />
        </span>
        {answer.data === undefined && !isSomebodyElses ? (
          (['approved', 'rejected'] as const).map((said) => (
            <Button
              key={said}
              isSmall
              needs="operator in approvals"
              disabled={answer.isPending}
              onClick={() => answer.mutate(said)}
            >
              {said === 'approved' ? '✓ Do it' : '✗ Do not'}
            </Button>
          ))
        ) : (
          <output>{answer.data === undefined ? 'Your answer does not count.' : `It is ${answer.data.status}.`}</output>
        )}
      </div>
      <div className="text-[0.85rem] text-soft">
        <Sentence text={approval.why} />
      </div>
      {answer.error && <Fault error={answer.error} />}
    </div>
  );
}
