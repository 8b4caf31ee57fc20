import type { AdaptationRecord } from '@cerberusmesh/contract/api-decisions';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/ask.ts';
import { StatusBadge } from '../../kit/badge.tsx';
import { deedName } from '../../kit/deed-name.ts';
import { Button } from '../../kit/form.tsx';
import { SessionLink } from '../../kit/links.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Fault } from '../../kit/panel.tsx';
import { Sentence } from '../../kit/sentence.tsx';
import { Unfolded } from '../../kit/unfolded.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';
import { AdaptationEffect } from './adaptation-effect.tsx';
import { HowItWent } from './how-it-went.tsx';
import { whyOf } from './why-of.ts';

const standing: readonly string[] = ['applied', 'verified'];

/** A change to a honeypot's world: whether an attacker truly sees it, until when, and the way back. `compact` where the page says for which session. */
export function AdaptationRow({ adaptation, compact = false }: { adaptation: AdaptationRecord; compact?: boolean }) {
  return (
    <div className="grid gap-0.5">
      <div className="flex flex-wrap items-baseline gap-2">
        <Moment iso={adaptation.created_at} />
        <strong title={adaptation.action_type}>{deedName(adaptation.action_type)}</strong>
        <StatusBadge status={adaptation.status} />
        <Untrusted text={adaptation.sensor} mono max={60} />
        {adaptation.session_id !== null && !compact && (
          <SessionLink sessionId={adaptation.session_id} sensor={adaptation.sensor} />
        )}
        {standing.includes(adaptation.status) && <Undo id={adaptation.id} />}
      </div>
      <div className="text-[0.85rem] text-soft">
        <Sentence text={adaptation.error ?? whyOf(adaptation.verification) ?? adaptation.reason} />
        {adaptation.expires_at !== null && standing.includes(adaptation.status) && (
          <>
            {' '}
            · until <Moment iso={adaptation.expires_at} />
          </>
        )}
      </div>
      <Unfolded summary="How it went, and its effect">
        <HowItWent done={adaptation} effect={<AdaptationEffect adaptationId={adaptation.id} />} />
      </Unfolded>
    </div>
  );
}

function Undo({ id }: { id: string }) {
  const queries = useQueryClient();
  const undo = useMutation({
    mutationFn: () =>
      api.POST('/api/adaptations/{id}/rollback', { params: { path: { id } }, body: { reason: 'no_longer_needed' } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['list', '/api/adaptations'] }),
  });
  return (
    <>
      <Button isSmall needs="operator in adaptations" disabled={undo.isPending} onClick={() => undo.mutate()}>
        {undo.isPending ? 'Undoing …' : '↩ Undo'}
      </Button>
      {undo.error && <Fault error={undo.error} />}
    </>
  );
}
