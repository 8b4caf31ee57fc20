import { useInfiniteQuery } from '@tanstack/react-query';
import { actionsQuery, adaptationsQuery } from '../../api/queries.ts';
import { ActionRow } from './action-row.tsx';
import { AdaptationRow } from './adaptation-row.tsx';

const refreshMs = 1_000;
const underWay: readonly string[] = ['planned', 'applied', 'undoing'];

/** What came of an order: asked again until nothing of it is under way. */
export function OrderOutcome({ requestId }: { requestId: string }) {
  const asked = { cause_id: requestId, limit: 50 };
  const actions = useInfiniteQuery({ ...actionsQuery(asked), refetchInterval: ({ state }) => againMs(state.data) });
  const adaptations = useInfiniteQuery({
    ...adaptationsQuery(asked),
    refetchInterval: ({ state }) => againMs(state.data),
  });
  const done = actions.data?.pages.flatMap(({ data }) => data) ?? [];
  const adapted = adaptations.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <ul id="order-outcome" aria-live="polite" className="mt-3 divide-y divide-line border-t border-line">
      {done.length + adapted.length === 0 && (
        <li className="py-1.5 text-soft">Ordered; it is carried out in a moment …</li>
      )}
      {done.map((action) => (
        <li key={action.id} className="py-1.5">
          <ActionRow action={action} />
        </li>
      ))}
      {adapted.map((adaptation) => (
        <li key={adaptation.id} className="py-1.5">
          <AdaptationRow adaptation={adaptation} compact />
        </li>
      ))}
    </ul>
  );
}

function againMs(
  said: { readonly pages: readonly { readonly data: readonly { readonly status: string }[] }[] } | undefined,
) {
  const statuses = said?.pages.flatMap(({ data }) => data.map(({ status }) => status)) ?? [];
  return statuses.length === 0 || statuses.some((status) => underWay.includes(status)) ? refreshMs : false;
}
