import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api } from '../api/ask.ts';
import { meQuery } from '../api/queries.ts';
import { Facts } from '../kit/facts.tsx';
import { Button, Field } from '../kit/form.tsx';
import { Answer, Fault, Panel } from '../kit/panel.tsx';
import { Authenticator } from './account/authenticator.tsx';

/** Who you are here, and what you may change of that yourself. */
export function Account() {
  const me = useQuery(meQuery);
  const queries = useQueryClient();
  return (
    <Answer query={me}>
      {(it) => (
        <div className="grid gap-3 lg:grid-cols-3">
          <Panel title="You">
            <Facts
              facts={[
                ['Name', it.name],
                ['Role', it.role],
                ['By', it.kind === 'token' ? 'a token' : 'signing in'],
                ...(it.scopes === null ? [] : [['Confined to', it.scopes.join(', ')] as const]),
              ]}
            />
            {it.kind === 'token' && (
              <p className="mt-3 text-[0.85rem] text-soft">
                A token has no password and no authenticator: those are for who signs in by name. An admin makes and
                revokes tokens under Settings, People and tokens.
              </p>
            )}
          </Panel>
          {it.has_password && <ChangePassword />}
          {it.has_password && (
            <Authenticator me={it} onChanged={() => void queries.invalidateQueries({ queryKey: meQuery.queryKey })} />
          )}
        </div>
      )}
    </Answer>
  );
}

function ChangePassword() {
  const change = useMutation({
    mutationFn: (said: { current: string; wanted: string }) => api.POST('/api/me/password', { body: said }),
  });

  function submit(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const said = new FormData(submission.currentTarget);
    change.mutate({ current: String(said.get('current')), wanted: String(said.get('wanted')) });
    submission.currentTarget.reset();
  }

  return (
    <Panel title="Password" aside="ends your other sessions">
      <form onSubmit={submit} className="grid gap-2">
        {change.error && <Fault error={change.error} />}
        {change.isSuccess && <p className="text-low">✓ changed</p>}
        <Field name="current" label="Password now" type="password" autoComplete="current-password" required />
        <Field
          name="wanted"
          label="Another, at least 12 characters"
          type="password"
          autoComplete="new-password"
          minLength={12}
          required
        />
        <Button type="submit" disabled={change.isPending}>
          Change
        </Button>
      </form>
    </Panel>
  );
}
