import type { Page } from '@cerberusmesh/contract/api';
import type { DecisionRecord } from '@cerberusmesh/contract/api-decisions';
import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { actionsQuery, adaptationsQuery, decisionsQuery } from '../api/queries.ts';
import { EndlessList } from '../kit/endless-list.tsx';
import { FilterBar } from '../kit/filter-bar.tsx';
import { Answer, Panel } from '../kit/panel.tsx';
import { useChangeFilter } from '../kit/use-change-filter.ts';
import { ActionRow } from './decisions/action-row.tsx';
import { AdaptationRow } from './decisions/adaptation-row.tsx';
import { DecisionRow } from './decisions/decision-row.tsx';
import { Effect } from './decisions/effect.tsx';
import { KillSwitch } from './decisions/kill-switch.tsx';
import { OrderPanel } from './decisions/order-form.tsx';
import { PendingApprovals } from './decisions/pending-approvals.tsx';
import { QuietRun } from './decisions/quiet-run.tsx';
import { quietRuns } from './decisions/quiet-runs.ts';

const fields = [
  {
    name: 'verdict',
    label: 'Decisions',
    choices: [
      ['act', 'carried out'],
      ['ask', 'waiting for a person'],
      ['nothing', 'nothing done'],
    ],
  },
  {
    name: 'status',
    label: 'Adaptations',
    choices: [
      ['verified', 'verified'],
      ['applied', 'applied'],
      ['failed', 'failed'],
      ['rolled_back', 'undone'],
      ['dry_run', 'dry run'],
    ],
  },
] as const;

/** What was decided and why; what was done, whether it took hold, and the way back. */
export function Decisions() {
  const filters = useSearch({ from: '/shell/decisions' });
  const changeFilter = useChangeFilter();
  const adaptations = useInfiniteQuery(adaptationsQuery({ status: filters.status, limit: 50 }));
  const actions = useInfiniteQuery(actionsQuery({ limit: 50 }));
  const decisions = useInfiniteQuery({ ...decisionsQuery({ verdict: filters.verdict }), select: inRuns });
  return (
    <>
      <FilterBar fields={fields} values={filters} onChange={changeFilter} />
      <div className="grid items-start gap-3 lg:grid-cols-2">
        <Panel title="Decisions">
          <EndlessList
            query={decisions}
            // By its oldest: a run that somebody opened stays open when another decision joins it.
            keyOf={(run) => run.at(-1)?.id ?? ''}
            row={(run) => <Run run={run} />}
            empty="No decision yet. Every session that the policy speaks about gets one, doing nothing included."
          />
        </Panel>
        <div className="grid min-w-0 content-start gap-3">
          <PendingApprovals />
          <KillSwitch />
          <OrderPanel />
          <Panel title="Adaptations" aside="verified: our own visit saw it as an attacker does">
            <Answer query={adaptations} isEmpty={({ pages }) => pages[0]?.data.length === 0} empty="No adaptation yet.">
              {({ pages }) => (
                <ul id="adaptations" className="divide-y divide-line">
                  {pages[0]?.data.map((adaptation) => (
                    <li key={adaptation.id} className="py-1.5">
                      <AdaptationRow adaptation={adaptation} />
                    </li>
                  ))}
                </ul>
              )}
            </Answer>
          </Panel>
          <Effect />
          <Panel title="Actions">
            <Answer query={actions} isEmpty={({ pages }) => pages[0]?.data.length === 0} empty="No action yet.">
              {({ pages }) => (
                <ul className="divide-y divide-line">
                  {pages[0]?.data.map((action) => (
                    <li key={action.id} className="py-1.5">
                      <ActionRow action={action} />
                    </li>
                  ))}
                </ul>
              )}
            </Answer>
          </Panel>
        </div>
      </div>
    </>
  );
}

function inRuns({ pages, pageParams }: InfiniteData<Page<DecisionRecord>, string | undefined>) {
  return { pageParams, pages: pages.map((page) => ({ ...page, data: quietRuns(page.data) })) };
}

function Run({ run }: { run: readonly DecisionRecord[] }) {
  const [newest, ...others] = run;
  if (newest === undefined) return null;
  return others.length === 0 ? <DecisionRow decision={newest} /> : <QuietRun newest={newest} decisions={run} />;
}
