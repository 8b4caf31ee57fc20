import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, dataOf, type PostBody } from '../../api/ask.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button, Choice, Field } from '../../kit/form.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Answer, Fault, Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: () => dataOf(api.GET('/api/tokens')) });

const roles = ['viewer', 'sensor', 'operator', 'admin'] as const;

/** What programs ask with; a secret is shown once, when it is made. */
export function Tokens() {
  const tokens = useQuery(tokensQuery);
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey });
  const make = useMutation({
    mutationFn: (said: PostBody<'/api/tokens'>) => dataOf(api.POST('/api/tokens', { body: said })),
    onSettled: changed,
  });
  const revoke = useMutation({
    mutationFn: (id: string) => api.POST('/api/tokens/{id}/revoke', { params: { path: { id } } }),
    onSettled: changed,
  });

  function submit(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const said = new FormData(submission.currentTarget);
    const days = Number(said.get('days'));
    const scopes = String(said.get('scopes'))
      .split(/[\s,]+/)
      .filter(Boolean);
    // `as`: the field is free text, and the server names what is no part of the API.
    const parts = scopes as NonNullable<PostBody<'/api/tokens'>['scopes']>;
    make.mutate({
      name: String(said.get('name')).trim(),
      role: roles.find((role) => role === said.get('role')) ?? 'viewer',
      ...(days > 0 ? { days } : {}),
      ...(parts.length > 0 ? { scopes: parts } : {}),
    });
    submission.currentTarget.reset();
  }

  return (
    <Panel title="Tokens" aside="of programs">
      <Answer query={tokens} isEmpty={({ data }) => data.length === 0} empty="No token.">
        {({ data }) => (
          <ul id="tokens" className="divide-y divide-line">
            {data.map((token) => (
              <li key={token.id} className="flex flex-wrap items-baseline gap-2 py-1.5">
                <Untrusted text={token.name} max={100} />
                <Badge>{token.role}</Badge>
                {token.scopes !== null && <span className="text-soft">only {token.scopes.join(', ')}</span>}
                <span className="text-soft">
                  {token.last_used_at === null ? (
                    'never used'
                  ) : (
                    <>
                      used <Moment iso={token.last_used_at} />
                    </>
                  )}
                </span>
                {token.expires_at !== null && (
                  <span className="text-soft">
                    until <Moment iso={token.expires_at} />
                  </span>
                )}
                {token.revoked_at === null ? (
                  <Button onClick={() => revoke.mutate(token.id)}>Revoke</Button>
                ) : (
                  <Badge>revoked</Badge>
                )}
              </li>
            ))}
          </ul>
        )}
      </Answer>
      <form onSubmit={submit} className="mt-3 flex flex-wrap items-end gap-2">
        <Field name="name" label="Another, for" maxLength={100} required />
        <Choice name="role" label="Role" choices={roles} />
        <Field
          name="days"
          label="Good for days"
          type="number"
          min={1}
          max={3650}
          className="w-24 rounded border border-line bg-card px-2 py-1.5"
        />
        <Field name="scopes" label="Only these parts of the API" placeholder="events feeds" />
        <Button type="submit">Make</Button>
      </form>
      {(make.error ?? revoke.error) && <Fault error={make.error ?? revoke.error ?? new Error('')} />}
      {make.data && (
        <p className="mt-2">
          Shown this once: <code className="break-anywhere font-mono text-[0.8rem]">{make.data.secret}</code>
        </p>
      )}
    </Panel>
  );
}
