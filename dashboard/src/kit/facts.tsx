import type { ReactNode } from 'react';

/** Names and values, one under the other. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[9rem_1fr] gap-x-3 gap-y-1">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="break-anywhere min-w-0 text-soft">{name}</dt>
          <dd className="break-anywhere min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
