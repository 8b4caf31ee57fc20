import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, dataOf } from '../api/ask.ts';
import { Badge } from '../kit/badge.tsx';
import { Columns } from '../kit/columns.tsx';
import { Confirmed } from '../kit/confirmed.tsx';
import { counted } from '../kit/counted.ts';
import { Button } from '../kit/form.tsx';
import { Moment } from '../kit/moment.tsx';
import { Answer, Fault, Panel } from '../kit/panel.tsx';
import { percent } from '../kit/percent.ts';
import { Card } from './models/card.tsx';
import { Drift } from './models/drift.tsx';
import { LanguageModel } from './models/language-model.tsx';

const readModels = () => dataOf(api.GET('/api/models'));
type Report = Awaited<ReturnType<typeof readModels>>;

const refreshMs = 5_000;
/** While one is watched: it tells of itself twice a second. */
const runningRefreshMs = 1_000;

const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: readModels,
  refetchInterval: ({ state }) => (state.data?.trainings[0]?.state === 'running' ? runningRefreshMs : refreshMs),
});

/** Which models judge, how good they were measured to be, whether the world has moved away from them. */
export function Models() {
  const models = useQuery(modelsQuery);
  return (
    <Answer query={models}>
      {(report) => (
        <Columns>
          <Panel title="Versions" aside={`in use: ${report.current.version}`}>
            <Train report={report} />
            <RollBack report={report} />
            <ul className="divide-y divide-line">
              {report.versions.map((version) => (
                <li key={version.version} className="py-1.5">
                  <VersionRow version={version} />
                </li>
              ))}
            </ul>
          </Panel>
          <Drift drift={report.drift} />
          <LanguageModel />
          {report.current.cards.map((card) => (
            <Card key={card.model} card={card} />
          ))}
        </Columns>
      )}
    </Answer>
  );
}

function Train({ report }: { report: Report }) {
  const queries = useQueryClient();
  const train = useMutation({
    mutationFn: () => api.POST('/api/models/train', { body: {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: modelsQuery.queryKey }),
  });
  const [latest] = report.trainings;
  const isRunning = latest?.state === 'running';
  return (
    <div className="mb-3">
      <Button needs="admin in models" disabled={train.isPending || isRunning} onClick={() => train.mutate()}>
        Train on what was stored and on feedback
      </Button>
      {train.error && <Fault error={train.error} />}
      {latest && (
        <p id="training" role="status" className="mt-2 text-[0.85rem] text-soft">
          {isRunning && (
            <>
              <progress className="mr-2" value={latest.done} max={1} aria-label="Progress of the training" />
              <span className="tabular-nums">{percent(latest.done)}</span> ·{' '}
            </>
          )}
          {isRunning ? latest.step : `${latest.state}: ${latest.why ?? latest.step}`}
        </p>
      )}
    </div>
  );
}

/** Back to what was in use before; absent where nothing was. */
function RollBack({ report }: { report: Report }) {
  const queries = useQueryClient();
  const back = useMutation({
    mutationFn: () => dataOf(api.POST('/api/models/rollback')),
    onSettled: () => queries.invalidateQueries({ queryKey: modelsQuery.queryKey }),
  });
  if (report.versions.filter(({ promoted_at }) => promoted_at !== null).length === 0) return null;
  return (
    <div className="mb-3 text-[0.85rem]">
      <Confirmed
        question={`Go back from ${report.current.version} to the version before it?`}
        needs="admin in models"
        disabled={back.isPending}
        onConfirm={() => back.mutate()}
      >
        ↩ Go back to the version before
      </Confirmed>
      {back.isSuccess && <span className="ml-2 text-low">✓ {back.data.version} judges now</span>}
      {back.error && <Fault error={back.error} />}
    </div>
  );
}

function VersionRow({ version }: { version: Report['versions'][number] }) {
  const queries = useQueryClient();
  const promote = useMutation({
    mutationFn: () => api.POST('/api/models/{version}/promote', { params: { path: { version: version.version } } }),
    onSettled: () => queries.invalidateQueries({ queryKey: modelsQuery.queryKey }),
  });
  return (
    <div className="grid gap-0.5">
      <div className="flex flex-wrap items-baseline gap-2">
        <strong>{version.version}</strong>
        {version.current ? (
          <Badge tone="bg-low-ground text-low">in use</Badge>
        ) : (
          <Confirmed
            question={`Judge with ${version.version} from now on?`}
            needs="admin in models"
            disabled={promote.isPending}
            onConfirm={() => promote.mutate()}
          >
            Take into use
          </Confirmed>
        )}
        {version.created_at !== null && <Moment iso={version.created_at} />}
        <span className="text-soft">
          {version.version === 'shipped'
            ? 'came with the program'
            : `learned from ${counted(version.events, 'event')} and ${counted(version.feedback, 'answer')} of people`}
        </span>
      </div>
      {version.version !== 'shipped' && <div className="text-[0.85rem] text-soft">{version.why}</div>}
      {version.comparisons.map((comparison) => (
        <div key={comparison.figure} className="text-[0.8rem] tabular-nums">
          {comparison.passed ? '✓' : '✗'} {comparison.figure}: {comparison.candidate.toFixed(3)} against{' '}
          {comparison.current.toFixed(3)} ({comparison.difference.map((end) => end.toFixed(3)).join(' … ')})
        </div>
      ))}
      {promote.error && <Fault error={promote.error} />}
    </div>
  );
}
