import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, dataOf } from '../api/ask.ts';
import { download } from '../api/download.ts';
import { Answer, Panel } from '../kit/panel.tsx';

const techniquesQuery = queryOptions({
  queryKey: ['techniques'],
  queryFn: () => dataOf(api.GET('/api/stats/techniques')),
  refetchInterval: 60_000,
});

/** What was seen of ATT&CK, tactic by tactic. */
export function Matrix() {
  const stats = useQuery(techniquesQuery);
  return (
    <Panel
      title="ATT&CK"
      aside={
        <button
          type="button"
          className="rounded border border-line px-2 py-0.5"
          onClick={() => void download('/api/stats/techniques/navigator', {}, 'cerberusmesh-layer.json')}
        >
          Export as Navigator layer
        </button>
      }
    >
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
                            <Link to="/events" search={{ q: `technique:${technique.id}` }} className="hover:underline">
                              <span className="font-mono text-[0.72rem] text-soft">{technique.id}</span>{' '}
                              {technique.name}
                            </Link>
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
