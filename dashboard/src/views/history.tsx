import type { History } from '@cerberusmesh/contract/api-history';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { api, dataOf } from '../api/ask.ts';
import { DayBars } from '../kit/day-bars.tsx';
import { FilterBar } from '../kit/filter-bar.tsx';
import { bytes } from '../kit/moment.tsx';
import { Answer, Panel, Quiet } from '../kit/panel.tsx';
import { useChangeFilter } from '../kit/use-change-filter.ts';

const historyQuery = (days: string) =>
  queryOptions({
    queryKey: ['history', days],
    queryFn: () => dataOf(api.GET('/api/history', { params: { query: { days: Number(days) } } })),
    placeholderData: keepPreviousData,
    refetchInterval: 300_000,
  });

const periods = {
  name: 'days',
  label: 'Days',
  choices: [
    ['7', '7'],
    ['14', '14'],
    ['30', '30'],
    ['60', '60'],
  ],
} as const;

/** How it went, day by day. */
export function HistoryView() {
  const { days = '14' } = useSearch({ from: '/shell/history' });
  const change = useChangeFilter();
  const history = useQuery(historyQuery(days));
  return (
    <>
      <FilterBar fields={[periods]} values={{ days }} onChange={change} />
      <Answer query={history}>
        {({ patterns, decisions, response, resources }) => (
          <div className="grid items-start gap-3 xl:grid-cols-2">
            <Patterns patterns={patterns} />
            <div className="grid content-start gap-3">
              <Decisions decisions={decisions} />
              <Response response={response} />
              <Resources resources={resources} />
            </div>
          </div>
        )}
      </Answer>
    </>
  );
}

function Patterns({ patterns }: Pick<History, 'patterns'>) {
  return (
    <Panel title="Attack patterns" aside="sessions that showed a technique; counted once an hour">
      {patterns.length === 0 && (
        <Quiet>
          None so far. Techniques are counted once an hour, so the first come within an hour of their session.
        </Quiet>
      )}
      <ul className="divide-y divide-line">
        {patterns.map(({ technique, name, sessions, change, days }) => (
          <li
            key={technique}
            className="grid grid-cols-[minmax(0,1fr)_5rem_5rem] sm:grid-cols-[minmax(0,1fr)_8rem_6rem] items-center gap-2 py-1.5"
          >
            <Link to="/events" search={{ q: `technique:${technique}` }} className="min-w-0 hover:underline">
              <span className="font-mono text-[0.75rem] text-soft">{technique}</span> {name}
            </Link>
            <DayBars
              values={days.map(({ day, sessions }) => ({ name: day, value: sessions }))}
              label={`${name} by day`}
            />
            <span className="text-right tabular-nums" title="Of the later half of these days against the earlier">
              {sessions.toLocaleString()} <span className="text-soft">{changeOf(change)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function changeOf(change: number | null): string {
  if (change === null) return 'new';
  return `${change >= 0 ? '▲' : '▼'} ${Math.abs(Math.round(change * 100))} %`;
}

function Decisions({ decisions }: Pick<History, 'decisions'>) {
  const lines = [
    ['acted', 'decided to act'],
    ['asked', 'asked a person'],
    ['verified', 'adaptations verified'],
    ['failed', 'adaptations failed'],
    ['false_alarms', 'taken back as a false alarm'],
  ] as const;
  return (
    <Panel title="What decisions came to">
      {decisions.length === 0 && <Quiet>Nothing was decided to be done in these days.</Quiet>}
      {decisions.length > 0 &&
        lines.map(([name, words]) => (
          <Line
            key={name}
            words={words}
            total={decisions.reduce((sum, day) => sum + day[name], 0).toLocaleString()}
            values={decisions.map((day) => ({ name: day.day, value: day[name] }))}
          />
        ))}
    </Panel>
  );
}

function Response({ response }: Pick<History, 'response'>) {
  const told = [
    ['decision_ms', 'event → decision, p95'],
    ['verified_ms', 'decision → seen by the probe, p95'],
  ] as const;
  return (
    <Panel title="Response time" aside="without what was replayed from the past">
      {response.length === 0 && <Quiet>Nothing was decided live in these days.</Quiet>}
      {response.length > 0 &&
        told.map(([name, words]) => {
          const values = response.map((day) => ({ name: day.day, value: day[name]?.p95 ?? 0 }));
          const latest = response.findLast((day) => day[name] !== null)?.[name];
          return (
            <Line
              key={name}
              words={words}
              total={latest ? `${Math.round(latest.p95).toLocaleString()} ms` : '–'}
              values={values}
            />
          );
        })}
    </Panel>
  );
}

function Resources({ resources }: Pick<History, 'resources'>) {
  const told = [
    ['memory_bytes', 'memory', bytes],
    ['cpu_share', 'of one core', (share: number) => `${Math.round(share * 100)} %`],
    ['loop_delay_ms', 'event loop held up, p99', (ms: number) => `${Math.round(ms)} ms`],
    ['events_per_minute', 'events a minute', (events: number) => Math.round(events).toLocaleString()],
    ['database_bytes', 'database', bytes],
  ] as const;
  const latest = resources.at(-1);
  return (
    <Panel title="Resources" aside="of this program; a sample each five minutes">
      {latest === undefined && <Quiet>The first sample is taken after five minutes.</Quiet>}
      {latest !== undefined &&
        told.map(([name, words, say]) => (
          <Line
            key={name}
            words={words}
            total={say(latest[name])}
            values={resources.map((sample) => ({ name: sample.at, value: sample[name] }))}
          />
        ))}
    </Panel>
  );
}

function Line({ words, total, values }: { words: string; total: string; values: { name: string; value: number }[] }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_5rem_5rem] sm:grid-cols-[minmax(0,1fr)_8rem_6rem] items-center gap-2 border-b border-line py-1 last:border-0">
      <span>{words}</span>
      <DayBars values={values} label={words} />
      <span className="text-right tabular-nums">{total}</span>
    </div>
  );
}
