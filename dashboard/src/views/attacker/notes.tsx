import type { AttackerNote } from '@cerberusmesh/contract/api-attacker-desk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
import { api } from '../../api/ask.ts';
import { attackerProfileQuery } from '../../api/queries.ts';
import { Button } from '../../kit/form.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Fault, Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

/** What people wrote about an attacker; nobody changes it later. */
export function Notes({ address, notes }: { address: string; notes: readonly AttackerNote[] }) {
  const id = useId();
  const queries = useQueryClient();
  const write = useMutation({
    mutationFn: (text: string) =>
      api.POST('/api/attackers/{ip}/notes', { params: { path: { ip: address } }, body: { text } }),
    onSettled: () => queries.invalidateQueries({ queryKey: attackerProfileQuery(address).queryKey }),
  });

  function submit(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const form = submission.currentTarget;
    const text = String(new FormData(form).get('text')).trim();
    if (text !== '') write.mutate(text, { onSuccess: () => form.reset() });
  }

  return (
    <Panel title="Notes" aside="stay as they are">
      <ul id="notes" className="divide-y divide-line">
        {notes.map((note) => (
          <li key={note.id} className="py-1.5">
            <span className="text-[0.8rem] text-soft">
              <Moment iso={note.written_at} /> <Untrusted text={note.written_by} max={100} />
            </span>
            <p>
              <Untrusted text={note.text} />
            </p>
          </li>
        ))}
      </ul>
      <form onSubmit={submit} className="mt-2 grid gap-2">
        <label htmlFor={id} className="sr-only">
          Another note
        </label>
        <textarea
          id={id}
          name="text"
          rows={2}
          maxLength={4000}
          required
          placeholder="What should the next one know?"
          className="rounded border border-line bg-card p-2 placeholder:text-soft"
        />
        <p>
          <Button type="submit" needs="operator in attackers" disabled={write.isPending}>
            Write it down
          </Button>
        </p>
      </form>
      {write.error && <Fault error={write.error} />}
    </Panel>
  );
}
