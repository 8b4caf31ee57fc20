import type { ActionRecord } from '@cerberusmesh/contract/api-actions';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/ask.ts';
import { StatusBadge } from '../../kit/badge.tsx';
import { deedName } from '../../kit/deed-name.ts';
import { Button } from '../../kit/form.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Fault } from '../../kit/panel.tsx';
import { Sentence } from '../../kit/sentence.tsx';
import { Unfolded } from '../../kit/unfolded.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';
import { HowItWent } from './how-it-went.tsx';
import { whyOf } from './why-of.ts';

const standing: readonly string[] = ['applied', 'verified'];

/** Something done besides changing a honeypot: at what, how it went, the way back. */
export function ActionRow({ action }: { action: ActionRecord }) {
  const queries = useQueryClient();
  const undo = useMutation({
    mutationFn: () => api.POST('/api/actions/{id}/undo', { params: { path: { id: action.id } }, body: {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['list', '/api/actions'] }),
  });
  return (
    <div className="grid gap-0.5">
      <div className="flex flex-wrap items-baseline gap-2">
        <Moment iso={action.created_at} />
        <strong title={action.kind}>{deedName(action.kind)}</strong>
        <StatusBadge status={action.status} />
        <Untrusted text={action.target} mono max={120} />
        {standing.includes(action.status) && (
          <Button isSmall needs="operator in actions" disabled={undo.isPending} onClick={() => undo.mutate()}>
            {undo.isPending ? 'Undoing …' : '↩ Undo'}
          </Button>
        )}
      </div>
      <div className="text-[0.85rem] text-soft">
        <Sentence text={action.error ?? whyOf(action.verification) ?? action.reason} />
        {action.expires_at !== null && standing.includes(action.status) && (
          <>
            {' '}
            · until <Moment iso={action.expires_at} />
          </>
        )}
      </div>
      {undo.error && <Fault error={undo.error} />}
      <Unfolded summary="How it went">
        <HowItWent done={action} />
      </Unfolded>
    </div>
  );
}
