import type { UserLink, UserRecord } from '@cerberusmesh/contract/api-users';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, dataOf, type PostBody } from '../../api/ask.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button, Choice, Field } from '../../kit/form.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Answer, Fault, Panel } from '../../kit/panel.tsx';

const usersQuery = queryOptions({ queryKey: ['users'], queryFn: () => dataOf(api.GET('/api/users')) });
const roles = ['viewer', 'operator', 'admin'] as const;

/** Who may sign in. Nobody's password is set by another: he gets a link. */
export function Users() {
  const users = useQuery(usersQuery);
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: usersQuery.queryKey });
  const add = useMutation({
    mutationFn: (said: PostBody<'/api/users'>) => dataOf(api.POST('/api/users', { body: said })),
    onSettled: changed,
  });

  function submit(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const said = new FormData(submission.currentTarget);
    add.mutate({ name: String(said.get('name')).trim(), role: roleOf(said.get('role')) });
    submission.currentTarget.reset();
  }

  return (
    <Panel title="People">
      <Answer query={users} isEmpty={({ data }) => data.length === 0} empty="Nobody yet; all goes by tokens.">
        {({ data }) => (
          <ul id="users" className="divide-y divide-line">
            {data.map((user) => (
              <li key={user.name} className="py-1.5">
                <UserRow user={user} onChanged={() => void changed()} />
              </li>
            ))}
          </ul>
        )}
      </Answer>
      <form onSubmit={submit} className="mt-3 flex flex-wrap items-end gap-2">
        <Field name="name" label="Somebody more" pattern="[A-Za-z0-9][A-Za-z0-9._@+\-]*" maxLength={64} required />
        <Choice name="role" label="Role" choices={roles} />
        <Button type="submit">Make a link for him</Button>
      </form>
      {add.error && <Fault error={add.error} />}
      {add.data && <LinkFor made={add.data} />}
    </Panel>
  );
}

function UserRow({ user, onChanged }: { user: UserRecord; onChanged: () => void }) {
  const params = { path: { name: user.name } };
  const change = useMutation({
    mutationFn: (patch: PostBody<'/api/users/{name}'>) => api.POST('/api/users/{name}', { params, body: patch }),
    onSettled: onChanged,
  });
  const reset = useMutation({
    mutationFn: () => dataOf(api.POST('/api/users/{name}/reset', { params })),
    onSettled: onChanged,
  });
  const isDisabled = user.state === 'disabled';
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap items-baseline gap-2">
        <strong>{user.name}</strong>
        <select
          aria-label={`Role of ${user.name}`}
          value={user.role}
          disabled={change.isPending || user.single_sign_on !== null}
          onChange={({ target }) => change.mutate({ role: roleOf(target.value) })}
          className="rounded border border-line bg-card px-1"
        >
          {roles.map((role) => (
            <option key={role}>{role}</option>
          ))}
        </select>
        <Badge>{user.state}</Badge>
        <span className="text-soft">
          {user.single_sign_on ?? (user.second_factor ? 'password and code' : 'password alone')} · {user.sessions}{' '}
          sessions
        </span>
        {user.last_sign_in_at !== null && <Moment iso={user.last_sign_in_at} />}
        <Button onClick={() => change.mutate({ disabled: !isDisabled })}>{isDisabled ? 'Enable' : 'Disable'}</Button>
        {user.single_sign_on === null && <Button onClick={() => reset.mutate()}>New link</Button>}
      </div>
      {change.error && <Fault error={change.error} />}
      {reset.error && <Fault error={reset.error} />}
      {reset.data && <LinkFor made={reset.data} />}
    </div>
  );
}

/** The list offers no other words. */
function roleOf(word: unknown): (typeof roles)[number] {
  return roles.find((role) => role === word) ?? 'viewer';
}

function LinkFor({ made }: { made: UserLink }) {
  return (
    <p className="mt-2">
      For {made.name}, good once, until <Moment iso={made.expires_at} />:{' '}
      <code className="break-anywhere font-mono text-[0.8rem]">{made.link}</code>
    </p>
  );
}
