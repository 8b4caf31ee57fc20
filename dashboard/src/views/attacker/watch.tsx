import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/ask.ts';
import { Fault } from '../../kit/panel.tsx';

/** Asks for the action `monitor`: whole lines are kept, and live events are marked, until it expires. */
export function Watch({ address }: { address: string }) {
  const watch = useMutation({
    mutationFn: () =>
      api.POST('/api/actions', {
        body: { kind: 'monitor', parameters: { address }, reason: 'Asked for on the dashboard.' },
      }),
  });
  return (
    <div className="mt-3">
      <button
        type="button"
        disabled={watch.isPending || watch.isSuccess}
        className="rounded border border-line px-2 py-1 hover:bg-sunken"
        onClick={() => watch.mutate()}
      >
        {watch.isSuccess ? '✓ being watched' : 'Watch this attacker'}
      </button>
      {watch.error && <Fault error={watch.error} />}
    </div>
  );
}
