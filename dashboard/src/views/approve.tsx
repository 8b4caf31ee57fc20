import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api, dataOf } from '../api/ask.ts';
import { SeverityBadge } from '../kit/badge.tsx';
import { deedName } from '../kit/deed-name.ts';
import { Moment } from '../kit/moment.tsx';
import { Answer, Fault } from '../kit/panel.tsx';
import { Untrusted } from '../kit/untrusted.tsx';

/** What a link in a notice opens: what is asked, and the answer, once. Opening it answers nothing. */
export function Approve() {
  const { token } = useParams({ from: '/approve/$token' });
  const question = useQuery({
    queryKey: ['approval link', token],
    queryFn: () => dataOf(api.POST('/api/approvals/link', { body: { token } })),
    retry: false,
  });
  const answer = useMutation({
    mutationFn: (said: 'approved' | 'rejected') =>
      dataOf(api.POST('/api/approvals/link', { body: { token, answer: said } })),
    // Somebody was quicker: what he said is shown.
    onError: () => question.refetch(),
  });
  return (
    <main className="mx-auto mt-[12vh] grid max-w-xl gap-3 p-4">
      <h1 className="text-2xl font-bold">CerberusMesh asks</h1>
      <Answer query={answer.data ? { ...question, data: answer.data } : question}>
        {(asked) => (
          <>
            <p>
              <SeverityBadge severity={asked.severity} />{' '}
              <strong>{[asked.decision, ...asked.adaptations, ...asked.also].map(deedName).join(', ')}</strong> on{' '}
              <Untrusted text={asked.target} mono max={200} />
            </p>
            <p className="text-soft">
              <Untrusted text={asked.why} max={600} />
            </p>
            {asked.status === 'pending' ? (
              <>
                <p>
                  Unanswered until <Moment iso={asked.expires_at} />, it is not done.
                </p>
                <p className="flex gap-2">
                  <button
                    type="button"
                    disabled={answer.isPending}
                    className="rounded bg-accent px-3 py-1.5 font-semibold text-ground"
                    onClick={() => answer.mutate('approved')}
                  >
                    Do it
                  </button>
                  <button
                    type="button"
                    disabled={answer.isPending}
                    className="rounded border border-line px-3 py-1.5"
                    onClick={() => answer.mutate('rejected')}
                  >
                    Do not do it
                  </button>
                </p>
              </>
            ) : (
              <p>It is {asked.status}.</p>
            )}
          </>
        )}
      </Answer>
      {answer.error && <Fault error={answer.error} />}
    </main>
  );
}
