import type { EventSummary } from '@cerberusmesh/contract/api-events';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, dataOf, type PostBody } from '../../api/ask.ts';
import { Button } from '../../kit/form.tsx';
import { Fault } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

const severities = ['LOW', 'MEDIUM', 'HIGH'] as const;

const saidQuery = (eventId: string) =>
  queryOptions({
    queryKey: ['feedback', eventId],
    queryFn: async () =>
      (await dataOf(api.GET('/api/feedback', { params: { query: { event_id: eventId } } }))).data[0] ?? null,
  });

/** One click says whether the severity was right, another takes that back; training learns from what stands. */
export function GiveFeedback({ event }: { event: EventSummary }) {
  const queries = useQueryClient();
  const path = { id: event.id };
  // The severity stands in the session, the attacker and the lists, too.
  const onSuccess = () => queries.invalidateQueries();
  const said = useQuery(saidQuery(event.id));
  const give = useMutation({
    mutationFn: (feedback: PostBody<'/api/events/{id}/feedback'>) =>
      api.POST('/api/events/{id}/feedback', { params: { path }, body: feedback }),
    onSuccess,
  });
  const withdraw = useMutation({
    mutationFn: () => api.DELETE('/api/events/{id}/feedback', { params: { path } }),
    onSuccess,
  });
  const others = severities.filter((severity) => severity !== event.severity);
  const error = give.error ?? withdraw.error;
  return (
    <div className="feedback mt-3 flex flex-wrap items-center gap-2 text-[0.85rem]">
      {said.data ? (
        <>
          <span className="text-low">
            ✓ {said.data.severity}, says <Untrusted text={said.data.given_by} max={80} />; {learnedFrom(said.data)}
          </span>
          <Choice isBusy={withdraw.isPending} onClick={() => withdraw.mutate()}>
            ↩ take that back
          </Choice>
        </>
      ) : (
        <>
          <span className="text-soft">Is that right?</span>
          <Choice isBusy={give.isPending} onClick={() => give.mutate({ verdict: 'confirmed' })}>
            yes
          </Choice>
          <Choice isBusy={give.isPending} onClick={() => give.mutate({ verdict: 'false_positive' })}>
            false alarm
          </Choice>
          {others.map((severity) => (
            <Choice
              key={severity}
              isBusy={give.isPending}
              onClick={() => give.mutate({ verdict: 'corrected', severity })}
            >
              it is {severity}
            </Choice>
          ))}
        </>
      )}
      {error && <Fault error={error} />}
    </div>
  );
}

/** Only commands are judged by a trained model; the meaning of other events is by definition. */
function learnedFrom({ learnable, told }: { learnable: boolean; told: string }): string {
  return `the model said ${told}${learnable ? ', and the next training learns from it' : ''}`;
}

function Choice({ children, isBusy, onClick }: { children: React.ReactNode; isBusy: boolean; onClick: () => void }) {
  return (
    <Button isSmall needs="operator in events" disabled={isBusy} onClick={onClick}>
      {children}
    </Button>
  );
}
