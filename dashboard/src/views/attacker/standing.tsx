import type { AttackerProfile } from '@cerberusmesh/contract/api-attacker-desk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api, type PostBody } from '../../api/ask.ts';
import { attackerProfileQuery, settingsQuery } from '../../api/queries.ts';
import { StatusBadge } from '../../kit/badge.tsx';
import { Button, Choice, Field } from '../../kit/form.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Fault, Panel } from '../../kit/panel.tsx';
import type { Needed } from '../../kit/refusal.ts';
import { Untrusted } from '../../kit/untrusted.tsx';

const kinds = { monitor: 'Watch', lock_down: 'Block' } as const;
const ended: readonly string[] = ['refused', 'failed', 'dry_run'];
const lifetimes = [
  { words: '1 hour', minutes: 60 },
  { words: '1 day', minutes: 1440 },
  { words: '1 week', minutes: 10_080 },
  { words: '30 days', minutes: 43_200 },
] as const;

/** What is done about an attacker, and the ways to do more or less. Each is audited; all but the allow list end by themselves. */
export function Standing({ address, profile }: { address: string; profile: AttackerProfile }) {
  const { order, undo, allow, forbid } = useChanges(address);
  const fault = order.error ?? undo.error ?? allow.error ?? forbid.error;
  const { allowed, standing } = profile;
  const isStopped = useQuery(settingsQuery).data?.CERBERUS_KILL_SWITCH === true;

  function submit(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const { nativeEvent: event } = submission;
    // The button that was pressed says what is wanted.
    const said = new FormData(submission.currentTarget, event instanceof SubmitEvent ? event.submitter : null);
    const reason = String(said.get('reason')).trim();
    const wanted = said.get('wanted');
    if (wanted === 'allow') return allow.mutate(reason);
    const { minutes } = lifetimes.find(({ words }) => words === said.get('lifetime')) ?? lifetimes[1];
    const kind = wanted === 'lock_down' ? 'lock_down' : 'monitor';
    order.mutate({ kind, parameters: { address, minutes }, reason });
  }

  return (
    <Panel title="What is done about it">
      <ul id="standing" className="divide-y divide-line text-[0.85rem]">
        {allowed && (
          <li className="flex flex-wrap items-baseline gap-2 py-1.5">
            <strong>Left alone</strong>
            <code className="font-mono">{allowed.network}</code>
            <Untrusted text={allowed.reason} max={300} />
            <span className="text-soft">
              by <Untrusted text={allowed.added_by} max={100} />, <Moment iso={allowed.added_at} />
            </span>
            <TakeBack
              needs="operator in attackers"
              onClick={() => forbid.mutate(allowed.id)}
              disabled={forbid.isPending}
            />
          </li>
        )}
        {standing.map((action) => (
          <li key={action.id} className="flex flex-wrap items-baseline gap-2 py-1.5">
            <strong>{kinds[action.kind]}</strong>
            <StatusBadge status={action.status} />
            <Untrusted text={action.reason} max={300} />
            <span className="text-soft">
              by <Untrusted text={action.requested_by} max={100} />
              {action.expires_at !== null && (
                <>
                  , until <Moment iso={action.expires_at} />
                </>
              )}
            </span>
            {action.error !== null && <Untrusted text={action.error} max={300} />}
            {!ended.includes(action.status) && (
              <TakeBack needs="operator in actions" onClick={() => undo.mutate(action.id)} disabled={undo.isPending} />
            )}
          </li>
        ))}
        {standing.length === 0 && allowed === null && <li className="py-1.5 text-soft">Nothing stands.</li>}
      </ul>
      {isStopped && (
        <p className="mt-2 text-[0.85rem]">
          The kill switch is on: nothing is begun by hand either, until you{' '}
          <Link to="/decisions" className="text-accent underline">
            turn it off
          </Link>
          .
        </p>
      )}
      <form onSubmit={submit} className="mt-2 grid gap-2">
        <div className="grid grid-cols-[1fr_auto] gap-2">
          <Field name="reason" label="Why (is kept)" maxLength={500} required />
          <Choice name="lifetime" label="For" choices={lifetimes.map(({ words }) => words)} defaultValue="1 day" />
        </div>
        <p className="flex flex-wrap gap-2">
          <Ask
            wanted="monitor"
            needs="operator in actions"
            isStopped={isStopped}
            does="Keeps every line, recording and file of this address"
          >
            Watch
          </Ask>
          <Ask
            wanted="lock_down"
            needs="operator in actions"
            isStopped={isStopped}
            does="Puts it on the block feed, and into the firewalls that are named"
          >
            Block
          </Ask>
          <Ask
            wanted="allow"
            needs="operator in attackers"
            does="Nothing is done about it any more, until that is taken back"
          >
            Leave alone
          </Ask>
        </p>
      </form>
      {fault && <Fault error={fault} />}
      {order.isSuccess && <p className="text-[0.85rem] text-low">✓ asked for; what comes of it shows above</p>}
    </Panel>
  );
}

function useChanges(address: string) {
  const queries = useQueryClient();
  const again = { onSettled: () => queries.invalidateQueries({ queryKey: attackerProfileQuery(address).queryKey }) };
  return {
    order: useMutation({
      mutationFn: (body: PostBody<'/api/actions'>) => api.POST('/api/actions', { body }),
      ...again,
    }),
    undo: useMutation({
      mutationFn: (id: string) => api.POST('/api/actions/{id}/undo', { params: { path: { id } }, body: {} }),
      ...again,
    }),
    allow: useMutation({
      mutationFn: (reason: string) => api.POST('/api/allow-list', { body: { network: address, reason } }),
      ...again,
    }),
    forbid: useMutation({
      mutationFn: (id: string) => api.DELETE('/api/allow-list/{id}', { params: { path: { id } } }),
      ...again,
    }),
  };
}

function Ask({
  wanted,
  does,
  needs,
  isStopped = false,
  children,
}: {
  wanted: string;
  does: string;
  needs: Needed;
  isStopped?: boolean;
  children: string;
}) {
  return (
    <Button type="submit" needs={needs} name="wanted" value={wanted} title={does} disabled={isStopped}>
      {children}
    </Button>
  );
}

function TakeBack(button: { needs: Needed; onClick: () => void; disabled: boolean }) {
  return (
    <Button isSmall {...button}>
      ↩ Take back
    </Button>
  );
}
