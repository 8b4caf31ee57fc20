import { useInfiniteQuery } from '@tanstack/react-query';
import { actionsQuery, adaptationsQuery, decisionsQuery } from '../../api/queries.ts';
import { Answer, Panel } from '../../kit/panel.tsx';
import { ActionRow } from '../decisions/action-row.tsx';
import { AdaptationRow } from '../decisions/adaptation-row.tsx';
import { DecisionRow } from '../decisions/decision-row.tsx';

/** What was adapted and done for a session, and what was decided about it. */
export function DoneAbout({ sessionId }: { sessionId: string }) {
  const adaptations =
    useInfiniteQuery(adaptationsQuery({ session_id: sessionId, limit: 20 })).data?.pages[0]?.data ?? [];
  const actions = useInfiniteQuery(actionsQuery({ session_id: sessionId, limit: 20 })).data?.pages[0]?.data ?? [];
  const decisions = useInfiniteQuery(decisionsQuery({ session_id: sessionId, limit: 20 }));
  return (
    <Panel title="What was done about it">
      <Answer
        query={decisions}
        isEmpty={({ pages }) => pages[0]?.data.length === 0}
        empty="Nothing was decided about it."
      >
        {({ pages }) => (
          <ul className="divide-y divide-line">
            {adaptations.map((adaptation) => (
              <li key={adaptation.id} className="py-1.5">
                <AdaptationRow adaptation={adaptation} compact />
              </li>
            ))}
            {actions.map((action) => (
              <li key={action.id} className="py-1.5">
                <ActionRow action={action} />
              </li>
            ))}
            {pages[0]?.data.map((decision) => (
              <li key={decision.id} className="py-1.5">
                <DecisionRow decision={decision} compact />
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}
