import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, dataOf, type PostBody } from '../../api/ask.ts';
import { counted } from '../../kit/counted.ts';
import { Button, Field } from '../../kit/form.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Answer, Fault, Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

const allowListQuery = queryOptions({
  queryKey: ['allow list'],
  queryFn: () => dataOf(api.GET('/api/allow-list')),
});

/** Networks that are left alone, beside the policy's own. */
export function AllowList() {
  const list = useQuery(allowListQuery);
  const queries = useQueryClient();
  const again = { onSettled: () => queries.invalidateQueries({ queryKey: allowListQuery.queryKey }) };
  const allow = useMutation({
    mutationFn: (body: PostBody<'/api/allow-list'>) => dataOf(api.POST('/api/allow-list', { body })),
    ...again,
  });
  const forbid = useMutation({
    mutationFn: (id: string) => api.DELETE('/api/allow-list/{id}', { params: { path: { id } } }),
    ...again,
  });

  function submit(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const form = submission.currentTarget;
    const said = new FormData(form);
    const body = { network: String(said.get('network')).trim(), reason: String(said.get('reason')).trim() };
    allow.mutate(body, { onSuccess: () => form.reset() });
  }

  return (
    <Panel title="Left alone" aside="nothing is done about these by itself; the policy has its own beside">
      <Answer query={list} isEmpty={({ data }) => data.length === 0} empty="No network was added here.">
        {({ data }) => (
          <ul id="allow-list" className="divide-y divide-line">
            {data.map((entry) => (
              <li key={entry.id} className="flex flex-wrap items-baseline gap-2 py-1.5">
                <code className="font-mono">{entry.network}</code>
                <Untrusted text={entry.reason} max={500} />
                <span className="text-soft">
                  by <Untrusted text={entry.added_by} max={100} />, <Moment iso={entry.added_at} />
                </span>
                <Button
                  isSmall
                  needs="operator in attackers"
                  disabled={forbid.isPending}
                  onClick={() => forbid.mutate(entry.id)}
                >
                  ↩ Take back
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Answer>
      <form onSubmit={submit} className="mt-3 flex flex-wrap items-end gap-2">
        <Field name="network" label="Another address or network" placeholder="192.0.2.0/24" maxLength={64} required />
        <Field name="reason" label="Why (is kept)" maxLength={500} required />
        <Button type="submit" needs="operator in attackers" disabled={allow.isPending}>
          Leave it alone
        </Button>
      </form>
      {allow.error && <Fault error={allow.error} />}
      {forbid.error && <Fault error={forbid.error} />}
      {allow.data && allow.data.lifted.length + allow.data.still_blocked.length > 0 && (
        <p className="mt-2 text-[0.85rem]">
          {counted(allow.data.lifted.length, 'block')} in it undone
          {allow.data.still_blocked.length > 0 &&
            `, ${allow.data.still_blocked.length} off the feed and still to be undone`}
          .
        </p>
      )}
    </Panel>
  );
}
