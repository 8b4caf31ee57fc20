import type { Retention } from '@cerberusmesh/contract/api-retention';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { api, dataOf } from '../../api/ask.ts';
import { settingsQuery } from '../../api/queries.ts';
import { Button } from '../../kit/form.tsx';
import { useRefusal } from '../../kit/may.ts';
import { Fault } from '../../kit/panel.tsx';
import { AsConfigured } from './as-configured.tsx';

type Setting = 'CERBERUS_RETENTION_DAYS' | 'CERBERUS_RETENTION_MB' | 'CERBERUS_DISK_FREE_MB';
type Asked = 'days' | 'megabytes' | 'disk_free_megabytes';

/** One limit. What cannot be taken back, months that would go, is told and pressed again before it is set. */
export function RetentionLimit({
  retention,
  setting,
  asked,
  words,
  without,
}: {
  retention: Retention;
  setting: Setting;
  asked: Asked;
  words: string;
  without: string;
}) {
  const id = useId();
  const refusal = useRefusal('admin in config');
  const { look, set, wanted, setWanted } = useLimit(setting, asked);
  const now = retention[asked];
  const goes = look.data?.expires ?? [];

  function submit(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const said = String(new FormData(submission.currentTarget).get('limit')).trim();
    const next = said === '' ? null : Number(said);
    if (next !== now) askBack(next, () => set.mutate(next));
  }

  /** Does it where no month would go, else once it is pressed again. */
  function askBack(next: number | null, work: () => void) {
    if (next === null) return work();
    look.mutate(next, { onSuccess: ({ expires }) => (expires.length === 0 ? work() : setWanted({ work })) });
  }

  return (
    <li>
      <form onSubmit={submit} className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <label htmlFor={id}>
          {words}
          <code className="block font-mono text-[0.72rem] text-soft">{setting}</code>
        </label>
        <span className="flex items-center gap-2">
          <input
            key={now}
            id={id}
            name="limit"
            type="number"
            min={asked === 'days' ? 1 : 64}
            defaultValue={now ?? ''}
            placeholder={without}
            disabled={refusal !== undefined}
            title={refusal ?? `Empty: ${without}`}
            className="w-36 rounded border border-line bg-card px-1.5 py-0.5 text-right placeholder:text-soft"
          />
          <Button type="submit" isSmall needs="admin in config" disabled={look.isPending || set.isPending}>
            Set
          </Button>
        </span>
      </form>
      <AsConfigured
        name={setting}
        onAsk={(configured, forget) => askBack(typeof configured === 'number' ? configured : null, forget)}
      />
      {wanted !== undefined && (
        <p role="alertdialog" aria-label="Months would go" className="mt-1 rounded bg-high-ground px-2 py-1 text-high">
          Within a minute {goes.map(({ month }) => month).join(', ')} would go
          {retention.archived ? ', into the archive' : ', for good'}.{' '}
          <Button
            isSmall
            autoFocus
            onClick={() => {
              setWanted(undefined);
              wanted.work();
            }}
          >
            Set it all the same
          </Button>{' '}
          <Button isSmall onClick={() => setWanted(undefined)}>
            Leave it
          </Button>
        </p>
      )}
      {look.error && <Fault error={look.error} />}
      {set.error && <Fault error={set.error} />}
    </li>
  );
}

function useLimit(setting: Setting, asked: Asked) {
  /** Waits until it is pressed again. */
  const [wanted, setWanted] = useState<{ readonly work: () => void }>();
  const queries = useQueryClient();
  const look = useMutation({
    mutationFn: (value: number) => dataOf(api.GET('/api/retention', { params: { query: { [asked]: value } } })),
  });
  const set = useMutation({
    mutationFn: (value: number | null) => api.POST('/config', { body: { [setting]: value } }),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['retention'] });
      await queries.invalidateQueries({ queryKey: settingsQuery.queryKey });
    },
  });
  return { look, set, wanted, setWanted };
}
