import type { TechniqueStats } from '@cerberusmesh/contract/api-techniques';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { get } from '../api/ask.ts';
import { Answer, Panel } from '../kit/panel.tsx';

const techniquesQuery = queryOptions({
  queryKey: ['techniques'],
  queryFn: () => get<TechniqueStats>('/api/stats/techniques'),
  refetchInterval: 60_000,
});

/** What was seen of ATT&CK, tactic by tactic. */
export function Matrix() {
  const stats = useQuery(techniquesQuery);
  return (
    <Panel title="ATT&CK">
      <Answer
        query={stats}
        isEmpty={({ tactics }) => tactics.every(({ techniques }) => techniques.length === 0)}
        empty="No technique was seen yet."
      >
        {({ tactics, attribution }) => {
          const most = Math.max(1, ...tactics.flatMap(({ techniques }) => techniques.map(({ events }) => events)));
          return (
            <>
              <div className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-2">
                {tactics
                  .filter(({ techniques }) => techniques.length > 0)
                  .map(({ id, name, techniques }) => (
                    <section key={id} aria-label={name}>
                      <h3 className="mb-1 font-semibold">{name}</h3>
                      <ul className="grid gap-1">
                        {techniques.map((technique) => (
                          <li
                            key={technique.id}
                            className="rounded border border-line px-1.5 py-1 text-[0.8rem]"
                            style={{
                              background: `color-mix(in srgb, var(--high-ground) ${Math.round(
                                (Math.log1p(technique.events) / Math.log1p(most)) * 100,
                              )}%, var(--card))`,
                            }}
                          >
                            <span className="font-mono text-[0.72rem] text-soft">{technique.id}</span> {technique.name}
                            <span className="float-right tabular-nums">{technique.events.toLocaleString()}</span>
                          </li>
                        ))}
                      </ul>
                    </section>
                  ))}
              </div>
              <p className="mt-3 text-[0.7rem] text-soft">{attribution}</p>
            </>
          );
        }}
      </Answer>
    </Panel>
  );
}
