import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { tryToken } from '../api/ask.ts';
import { signIn, waysQuery } from '../api/enter.ts';
import { entrance } from '../api/entrance.ts';
import { meQuery } from '../api/queries.ts';
import { Button, Field } from '../kit/form.tsx';
import { Fault } from '../kit/panel.tsx';

const cameBackWith = new Map([
  ['FORBIDDEN', 'You are signed in there, but nothing that you are there makes you anything here.'],
  ['SIGN_IN_FAILED', 'The provider did not vouch for you, or it took too long. Try again.'],
]);

/** For people: name and password, a provider where there is one. For whoever has a token: the token. */
export function SignIn() {
  const provider = useQuery(waysQuery).data?.single_sign_on;
  const queries = useQueryClient();
  // Whoever comes in now may be another than whose session ended.
  useEffect(() => queries.removeQueries({ queryKey: meQuery.queryKey }), [queries]);
  const refused = cameBackWith.get(new URLSearchParams(location.search).get('sign_in') ?? '');
  return (
    <main className="mx-auto mt-[10vh] grid max-w-sm gap-4 p-4">
      <h1 className="flex items-center gap-2 text-2xl font-bold">
        <img src="/icon.svg" alt="" className="size-8" />
        CerberusMesh
      </h1>
      {refused !== undefined && <Fault error={new Error(refused)} />}
      {provider && (
        <a href="/api/sign-in/sso" className="rounded border border-line px-3 py-2 text-center hover:bg-sunken">
          Sign in with {provider}
        </a>
      )}
      <ByPassword />
      <p className="text-[0.85rem] text-soft">
        The first time? <code className="font-mono">npm start</code> printed a link that makes the first admin.
      </p>
      <details>
        <summary className="text-soft">With a token</summary>
        <p className="my-2 text-[0.85rem] text-soft">
          The first start printed one. Another is made by{' '}
          <code className="font-mono">cerberus token create NAME --role viewer</code>.
        </p>
        <ByToken />
      </details>
    </main>
  );
}

function ByPassword() {
  const [needsCode, setNeedsCode] = useState(false);
  const { error, isTrying, attempt } = useAttempt();

  async function enter(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const said = new FormData(submission.currentTarget);
    const code = String(said.get('code') ?? '').trim();
    await attempt(async () => {
      const request = { name: String(said.get('name')).trim(), password: String(said.get('password')) };
      setNeedsCode(await signIn(code === '' ? request : { ...request, code }));
    });
  }

  return (
    <form onSubmit={(submission) => void enter(submission)} className="grid gap-3">
      {error && <Fault error={error} />}
      <Field name="name" label="Name" autoComplete="username" autoFocus required />
      <Field name="password" label="Password" type="password" autoComplete="current-password" required />
      {needsCode && (
        <Field
          name="code"
          label="Code of the authenticator, or a recovery code"
          autoComplete="one-time-code"
          autoFocus
          required
        />
      )}
      <Button type="submit" disabled={isTrying} isMain>
        Sign in
      </Button>
    </form>
  );
}

function ByToken() {
  const { error, isTrying, attempt } = useAttempt();

  async function enter(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const secret = String(new FormData(submission.currentTarget).get('token')).trim();
    await attempt(async () => {
      await tryToken(secret);
      entrance.keepToken(secret);
    });
  }

  return (
    <form onSubmit={(submission) => void enter(submission)} className="grid gap-2">
      {error && <Fault error={error} />}
      <Field id="token" name="token" label="Token" type="password" autoComplete="off" placeholder="cm_…" required />
      <Button type="submit" disabled={isTrying}>
        Open
      </Button>
    </form>
  );
}

/** One try at a time, with what came of the last one. */
function useAttempt() {
  const [error, setError] = useState<Error>();
  const [isTrying, setTrying] = useState(false);
  async function attempt(work: () => Promise<void>): Promise<void> {
    setTrying(true);
    setError(undefined);
    try {
      await work();
    } catch (fault) {
      setError(fault instanceof Error ? fault : new Error(String(fault)));
    }
    setTrying(false);
  }
  return { error, isTrying, attempt };
}
