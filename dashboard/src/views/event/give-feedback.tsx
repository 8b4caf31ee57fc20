import type { EventSummary } from '@cerberusmesh/contract/api-events';
import { useMutation } from '@tanstack/react-query';
import { api, type PostBody } from '../../api/ask.ts';
import { Button } from '../../kit/form.tsx';
import { Fault } from '../../kit/panel.tsx';

const severities = ['LOW', 'MEDIUM', 'HIGH'] as const;

/** One click says whether the severity was right; training learns from it. */
export function GiveFeedback({ event }: { event: EventSummary }) {
  const give = useMutation({
    mutationFn: (feedback: PostBody<'/api/events/{id}/feedback'>) =>
      api.POST('/api/events/{id}/feedback', { params: { path: { id: event.id } }, body: feedback }),
  });
  const others = severities.filter((severity) => severity !== event.severity);
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2 text-[0.85rem]">
      <span className="text-soft">Is that right?</span>
      <Choice onClick={() => give.mutate({ verdict: 'confirmed' })}>yes</Choice>
      <Choice onClick={() => give.mutate({ verdict: 'false_positive' })}>false alarm</Choice>
      {others.map((severity) => (
        <Choice key={severity} onClick={() => give.mutate({ verdict: 'corrected', severity })}>
          it is {severity}
        </Choice>
      ))}
      {give.isSuccess && <span className="text-low">✓ kept for the next training</span>}
      {give.error && <Fault error={give.error} />}
    </div>
  );
}

function Choice({ children, onClick }: { children: React.ReactNode; onClick: () => void }) {
  return (
    <Button isSmall needs="operator in events" onClick={onClick}>
      {children}
    </Button>
  );
}
