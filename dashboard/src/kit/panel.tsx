import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiFault } from '../api/ask.ts';
import { age } from './moment.tsx';

/** A titled part of a page. */
export function Panel({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col rounded-lg border border-line bg-card" aria-label={title}>
      <header className="flex flex-wrap items-baseline justify-between gap-2 border-b border-line px-3 py-2">
        <h2 className="font-semibold">{title}</h2>
        {aside !== undefined && <div className="text-[0.8rem] text-soft">{aside}</div>}
      </header>
      <div className="min-w-0 flex-1 p-3">{children}</div>
    </section>
  );
}

/** The four states of everything that is asked for: loading, failed, empty, ready. */
export function Answer<T>({
  query,
  isEmpty,
  empty,
  children,
}: {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isPending' | 'refetch' | 'dataUpdatedAt'>;
  isEmpty?: (value: T) => boolean;
  empty?: ReactNode;
  children: (value: T) => ReactNode;
}) {
  if (query.data !== undefined) {
    if (isEmpty?.(query.data)) return <Quiet>{empty ?? 'Nothing here yet.'}</Quiet>;
    return (
      <>
        <Stale query={query} />
        {children(query.data)}
      </>
    );
  }
  if (query.error) return <Fault error={query.error} onRetry={() => void query.refetch()} />;
  return <Quiet>Loading …</Quiet>;
}

/** What is said where there is nothing to show. */
export function Quiet({ children }: { children: ReactNode }) {
  return <p className="py-6 text-center text-soft">{children}</p>;
}

/** Of what is shown though the latest question failed: how old it is, and why. Absent where it is fresh. */
export function Stale({
  query: { data, error, dataUpdatedAt },
}: {
  query: Pick<UseQueryResult, 'data' | 'error' | 'dataUpdatedAt'>;
}) {
  if (!error || data === undefined) return null;
  return (
    <p role="status" className="mb-2 rounded border border-line bg-medium-ground px-2 py-1 text-[0.8rem] text-medium">
      ◆ As it was {age((Date.now() - dataUpdatedAt) / 1000)} ago. <Why error={error} />
    </p>
  );
}

/** What went wrong, with the catalogue's code, and a way to try again. */
export function Fault({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  return (
    <p role="alert" className="mb-2 rounded border border-line bg-high-ground px-2 py-1 text-high">
      <Why error={error} />
      {onRetry && (
        <button type="button" className="ml-2 underline" onClick={onRetry}>
          Try again
        </button>
      )}
    </p>
  );
}

function Why({ error }: { error: Error }) {
  return (
    <>
      {error.message} {error instanceof ApiFault && <code className="font-mono text-[0.85em]">({error.code})</code>}
    </>
  );
}
