import type { ApprovalRecord } from '@cerberusmesh/contract/api-approvals';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/ask.ts';
import { pendingApprovalsQuery } from '../../api/queries.ts';
import { SeverityBadge } from '../../kit/badge.tsx';
import { Button } from '../../kit/form.tsx';
import { SessionLink } from '../../kit/links.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Fault, Panel } from '../../kit/panel.tsx';
import { Sentence } from '../../kit/sentence.tsx';

/** What waits for a person; absent where nothing does. */
export function PendingApprovals() {
  const approvals = useQuery(pendingApprovalsQuery).data?.data ?? [];
  if (approvals.length === 0) return null;
  return (
    <Panel title="Waiting for you" aside="unanswered in time, it is not done">
      <ul id="approvals" className="divide-y divide-line">
        {approvals.map((approval) => (
          <li key={approval.id} className="py-1.5">
            <Question approval={approval} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** One question with its answers. */
export function Question({ approval }: { approval: ApprovalRecord }) {
  const queries = useQueryClient();
  const answer = useMutation({
    mutationFn: (said: 'approved' | 'rejected') =>
      api.POST('/api/approvals/{id}', { params: { path: { id: approval.id } }, body: { answer: said } }),
    onSettled: () => queries.invalidateQueries({ queryKey: pendingApprovalsQuery.queryKey }),
  });
  return (
    <div className="grid gap-0.5">
      <div className="flex flex-wrap items-baseline gap-2">
        <strong>{[approval.decision, ...approval.adaptations, ...approval.also].join(', ')}</strong>
        <SeverityBadge severity={approval.severity} />
        <SessionLink sessionId={approval.session_id} sensor={approval.sensor} />
        <span className="text-soft">
          until <Moment iso={approval.expires_at} />
        </span>
        {(['approved', 'rejected'] as const).map((said) => (
          <Button
            key={said}
            isSmall
            needs="operator in approvals"
            disabled={answer.isPending}
            onClick={() => answer.mutate(said)}
          >
            {said === 'approved' ? '✓ Do it' : '✗ Do not'}
          </Button>
        ))}
      </div>
      <div className="text-[0.85rem] text-soft">
        <Sentence text={approval.why} />
      </div>
      {answer.error && <Fault error={answer.error} />}
    </div>
  );
}
