import type { WelcomeAnswer } from '@cerberusmesh/contract/api-users';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { welcome } from '../api/enter.ts';
import { Button, Field } from '../kit/form.tsx';
import { Moment } from '../kit/moment.tsx';
import { Answer, Fault } from '../kit/panel.tsx';

/** What a link that is good once opens: a password is chosen, by the first admin a name too. Opening it uses nothing up. */
export function Welcome() {
  const { token } = useParams({ from: '/welcome/$token' });
  const navigate = useNavigate();
  const link = useQuery({ queryKey: ['welcome', token], queryFn: () => welcome({ token }), retry: false });
  const choose = useMutation({
    mutationFn: (said: { name?: string; password: string }) => welcome({ token, ...said }),
    onSuccess: () => void navigate({ to: '/' }),
  });

  function submit(submission: FormEvent<HTMLFormElement>, { name }: WelcomeAnswer) {
    submission.preventDefault();
    const said = new FormData(submission.currentTarget);
    const password = String(said.get('password'));
    choose.mutate(name === null ? { name: String(said.get('name')).trim(), password } : { password });
  }

  return (
    <main className="mx-auto mt-[10vh] grid max-w-sm gap-3 p-4">
      <h1 className="text-2xl font-bold">Welcome to CerberusMesh</h1>
      <Answer query={link}>
        {(it) => (
          <form onSubmit={(submission) => submit(submission, it)} className="grid gap-3">
            <p className="text-soft">
              {it.name === null ? 'You will be the first admin.' : `Choose your password, ${it.name}.`} The link is good
              once, until <Moment iso={it.expires_at} />.
            </p>
            {choose.error && <Fault error={choose.error} />}
            {it.name === null && (
              <Field
                name="name"
                label="Name"
                autoComplete="username"
                pattern="[A-Za-z0-9][A-Za-z0-9._@+\-]*"
                maxLength={64}
                required
              />
            )}
            <Field
              name="password"
              label="Password, at least 12 characters"
              type="password"
              autoComplete="new-password"
              minLength={12}
              maxLength={256}
              required
            />
            <Button type="submit" disabled={choose.isPending} isMain>
              Go in
            </Button>
          </form>
        )}
      </Answer>
    </main>
  );
}
