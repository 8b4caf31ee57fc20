import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api, type PostBody } from '../../api/ask.ts';
import { savedSearchesQuery } from '../../api/queries.ts';
import { honestText } from '../../kit/honest-text.ts';
import { Menu } from '../../kit/menu.tsx';
import { Fault } from '../../kit/panel.tsx';
import { type ColumnName, columnsDefault } from './columns.tsx';

/** The reader's own searches: to go to, to keep, to take away. */
export function SavedSearchMenu({ q, columns }: { q: string; columns: readonly ColumnName[] }) {
  const queries = useQueryClient();
  const again = { onSuccess: () => queries.invalidateQueries({ queryKey: savedSearchesQuery.queryKey }) };
  const saved = useQuery(savedSearchesQuery).data?.data.filter(({ list }) => list === 'events') ?? [];
  const keep = useMutation({
    mutationFn: (search: PostBody<'/api/searches'>) => api.POST('/api/searches', { body: search }),
    ...again,
  });
  const drop = useMutation({
    mutationFn: (id: string) => api.DELETE('/api/searches/{id}', { params: { path: { id } } }),
    ...again,
  });

  function save(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    const name = String(new FormData(submission.currentTarget).get('name')).trim();
    submission.currentTarget.reset();
    keep.mutate({ name, q, columns: columns.join(',') === columnsDefault.join(',') ? [] : [...columns] });
  }

  return (
    <Menu label={`Saved${saved.length > 0 ? ` (${saved.length})` : ''}`}>
      <ul className="grid max-h-72 gap-1 overflow-y-auto">
        {saved.map((search) => (
          <li key={search.id} className="flex items-baseline justify-between gap-3">
            <Link
              to="/events"
              search={{ q: search.q, ...(search.columns.length === 0 ? {} : { columns: search.columns.join(',') }) }}
              title={honestText(search.q)}
              className="break-anywhere hover:underline"
            >
              {search.name}
            </Link>
            <button type="button" aria-label={`Take away ${search.name}`} onClick={() => drop.mutate(search.id)}>
              ✕
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={save} className="mt-2 flex gap-1">
        <input
          name="name"
          required
          maxLength={100}
          aria-label="Name of the search"
          placeholder="Save this one as …"
          className="min-w-0 flex-1 rounded border border-line bg-card px-1.5 py-1"
        />
        <button type="submit" disabled={keep.isPending} className="rounded border border-line px-2">
          Save
        </button>
      </form>
      {(keep.error ?? drop.error) && <Fault error={keep.error ?? drop.error ?? new Error()} />}
    </Menu>
  );
}
