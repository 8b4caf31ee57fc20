import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, dataOf } from '../../api/ask.ts';
import { counted } from '../../kit/counted.ts';
import { AttackerLink, SessionLink } from '../../kit/links.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Answer, Panel } from '../../kit/panel.tsx';
import { Reasons } from '../../kit/reasons.tsx';
import { Shape } from '../../kit/shape.tsx';

/** `id` is the session's row, since two sensors may give the same session id. */
const kinQuery = (id: string) =>
  queryOptions({
    queryKey: ['kin', id],
    queryFn: () => dataOf(api.GET('/api/sessions/{id}/kin', { params: { path: { id } } })),
  });

/** The campaign of a session, and the sessions that did the same. */
export function Kin({ id }: { id: string }) {
  const kin = useQuery(kinQuery(id));
  return (
    <Panel title="Who does the same">
      <Answer query={kin}>
        {({ campaign, shape, similar, why }) => (
          <>
            {campaign ? (
              <p>
                Belongs to{' '}
                <Link
                  to="/campaigns/$campaignId"
                  params={{ campaignId: campaign.id }}
                  className="font-semibold underline"
                >
                  <Shape text={campaign.name} max={120} />
                </Link>{' '}
                ({counted(campaign.sessions, 'session')})
                {why.length === 0 ? ', which it began.' : ', which it joined by'}
              </p>
            ) : (
              <p className="mb-2 text-soft">In no campaign; a session is folded when it has ended.</p>
            )}
            <Reasons why={why} />
            {shape?.is_new && (
              <p className="my-2 font-semibold text-accent">No sensor had seen this sequence before.</p>
            )}
            {similar.length > 0 && <h3 className="mt-2 font-semibold">The same, step by step</h3>}
            <ul className="text-[0.85rem]">
              {similar.map((other) => (
                <li key={other.session} className="flex flex-wrap gap-2 py-0.5">
                  <Moment iso={other.start_time} />
                  <SessionLink sessionId={other.session_id} sensor={other.sensor} />
                  {other.source_ip !== null && <AttackerLink address={other.source_ip} />}
                </li>
              ))}
            </ul>
          </>
        )}
      </Answer>
    </Panel>
  );
}
