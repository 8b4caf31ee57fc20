import type { Me } from '@cerberusmesh/contract/api-users';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { encode } from 'uqr';
import { api, dataOf } from '../../api/ask.ts';
import { Button, Field } from '../../kit/form.tsx';
import { Fault, Panel } from '../../kit/panel.tsx';

/** A second factor: begun, confirmed by its first code, taken away. The QR code is drawn here; nothing leaves the page. */
export function Authenticator({ me, onChanged }: { me: Me; onChanged: () => void }) {
  const begin = useMutation({ mutationFn: () => dataOf(api.POST('/api/me/totp')) });
  const confirm = useMutation({
    mutationFn: (code: string) => dataOf(api.POST('/api/me/totp/confirm', { body: { code } })),
    onSuccess: onChanged,
  });
  const remove = useMutation({
    mutationFn: (password: string) => api.POST('/api/me/totp/remove', { body: { password } }),
    onSuccess: onChanged,
  });
  const error = begin.error ?? confirm.error ?? remove.error;
  return (
    <Panel title="Authenticator" aside={me.second_factor ? '✓ asked for at each sign-in' : 'none yet'}>
      {error && <Fault error={error} />}
      {confirm.data && <Recovery codes={confirm.data.recovery_codes} />}
      {me.second_factor && !confirm.data && (
        <form onSubmit={(said) => remove.mutate(fieldOf(said, 'password'))} className="grid gap-2">
          <p className="text-soft">{me.recovery_codes} recovery codes are left.</p>
          <Field name="password" label="Password" type="password" autoComplete="current-password" required />
          <Button type="submit">Do without it</Button>
        </form>
      )}
      {!me.second_factor && !begin.data && <Button onClick={() => begin.mutate()}>Begin</Button>}
      {!me.second_factor && begin.data && (
        <form onSubmit={(said) => confirm.mutate(fieldOf(said, 'code'))} className="grid gap-2">
          <p className="text-soft">
            Scan it with an authenticator app, or type the secret, then say the code that it shows.
          </p>
          <QrCode text={begin.data.uri} />
          <code className="break-anywhere font-mono text-[0.8rem]">{begin.data.secret}</code>
          <Field name="code" label="Code" autoComplete="one-time-code" inputMode="numeric" required />
          <Button type="submit" disabled={confirm.isPending} isMain>
            Confirm
          </Button>
        </form>
      )}
    </Panel>
  );
}

function Recovery({ codes }: { codes: readonly string[] }) {
  return (
    <>
      <p>Keep these where the authenticator is not. Each lets you in once; they are shown only now.</p>
      <ul id="recovery-codes" className="mt-2 grid grid-cols-2 gap-1 font-mono text-[0.8rem]">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </>
  );
}

/** Dark on light in both themes: readers of cameras want it so. */
function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 3 });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg viewBox={`0 0 ${size} ${size}`} className="w-52" role="img" aria-label="QR code of the secret below">
      <rect width={size} height={size} fill="white" />
      <path d={path} fill="black" shapeRendering="crispEdges" />
    </svg>
  );
}

function fieldOf(submission: FormEvent<HTMLFormElement>, name: string): string {
  submission.preventDefault();
  return String(new FormData(submission.currentTarget).get(name)).trim();
}
