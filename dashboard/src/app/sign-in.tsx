import { type FormEvent, useState } from 'react';
import { tryToken } from '../api/ask.ts';
import { token } from '../api/token.ts';
import { Fault } from '../kit/panel.tsx';

/** Asks for a token and tries it before the page is shown. */
export function SignIn() {
  const [error, setError] = useState<Error>();
  const [isTrying, setTrying] = useState(false);

  async function enter(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const secret = String(new FormData(submission.currentTarget).get('token')).trim();
    setTrying(true);
    try {
      await tryToken(secret);
      token.keep(secret);
    } catch (fault) {
      setError(fault instanceof Error ? fault : new Error(String(fault)));
      setTrying(false);
    }
  }

  return (
    <main className="mx-auto mt-[15vh] max-w-md p-4">
      <h1 className="mb-1 text-2xl font-bold">CerberusMesh</h1>
      <p className="mb-4 text-soft">
        The first start printed a token. Another is made by{' '}
        <code className="font-mono">cerberus token create NAME --role viewer</code>.
      </p>
      {error && <Fault error={error} />}
      <form onSubmit={(submission) => void enter(submission)} className="flex gap-2">
        <label className="sr-only" htmlFor="token">
          Token
        </label>
        <input
          id="token"
          name="token"
          type="password"
          autoComplete="off"
          required
          placeholder="cm_…"
          className="min-w-0 flex-1 rounded border border-line bg-card px-2 py-1.5 font-mono"
        />
        <button type="submit" disabled={isTrying} className="rounded bg-accent px-3 py-1.5 font-semibold text-ground">
          Open
        </button>
      </form>
    </main>
  );
}
