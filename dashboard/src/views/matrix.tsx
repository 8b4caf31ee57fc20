import type { TechniqueStats } from '@cerberusmesh/contract/api-techniques';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, dataOf } from '../api/ask.ts';
import { download } from '../api/download.ts';
import { Button } from '../kit/form.tsx';
import { Answer, Fault, Panel } from '../kit/panel.tsx';

type Tactic = TechniqueStats['tactics'][number];

const techniquesQuery = queryOptions({
  queryKey: ['techniques'],
  queryFn: () => dataOf(api.GET('/api/stats/techniques')),
  refetchInterval: 60_000,
});

/** What was seen of ATT&CK, a column for each tactic, in the order in which an attack goes. */
export function Matrix() {
  const stats = useQuery(techniquesQuery);
  return (
    <Panel title="ATT&CK" aside={<Export />}>
      <Answer
        query={stats}
        isEmpty={({ tactics }) => tactics.every(({ techniques }) => techniques.length === 0)}
        empty="No technique was seen yet."
      >
        {({ tactics, version, attribution }) => {
          const most = Math.max(1, ...tactics.flatMap(({ techniques }) => techniques.map(({ events }) => events)));
          return (
            <>
              <p className="mb-2 text-[0.85rem] text-soft">
                Events that showed each technique, all time, ATT&CK {version}. Fuller is more; each leads to its events.
              </p>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys. */}
              <section className="overflow-x-auto" aria-label="Matrix" tabIndex={0}>
                <div className="grid gap-x-1.5 gap-y-3 sm:auto-cols-[minmax(7.2rem,1fr)] sm:grid-flow-col">
                  {tactics
                    .filter(({ techniques }) => techniques.length > 0)
                    .map((tactic) => (
                      <TacticColumn key={tactic.id} tactic={tactic} most={most} />
                    ))}
                </div>
              </section>
              <p className="mt-3 text-[0.7rem] text-soft">{attribution}</p>
            </>
          );
        }}
      </Answer>
    </Panel>
  );
}

function Export() {
  const save = useMutation({
    mutationFn: () => download('/api/stats/techniques/navigator', {}, 'cerberusmesh-layer.json'),
  });
  return (
    <>
      {save.error && <Fault error={save.error} />}
      <Button isSmall disabled={save.isPending} onClick={() => save.mutate()}>
        Export as Navigator layer
      </Button>
    </>
  );
}

function TacticColumn({ tactic: { name, techniques }, most }: { tactic: Tactic; most: number }) {
  return (
    <section aria-label={name} className="min-w-0">
      <h3 className="mb-1 text-[0.8rem] font-semibold sm:flex sm:min-h-[2.2rem] sm:items-end">{name}</h3>
      <ul className="grid gap-1">
        {techniques.map(({ id, name: words, events }) => (
          <li
            key={id}
            className="relative rounded border border-line px-1.5 py-1 text-[0.75rem] leading-tight hover:border-soft"
            style={{
              background: `color-mix(in srgb, var(--high-ground) ${Math.round((Math.log1p(events) / Math.log1p(most)) * 100)}%, var(--card))`,
            }}
          >
            <span className="flex justify-between gap-1">
              <span className="font-mono text-[0.68rem] text-soft">{id}</span>
              <span className="tabular-nums">{events.toLocaleString()}</span>
            </span>
            <Link
              to="/events"
              search={{ q: `technique:${id}` }}
              className="break-anywhere after:absolute after:inset-0 hover:underline"
            >
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
