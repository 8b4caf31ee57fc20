import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { luresQuery, touchesQuery } from '../../api/queries.ts';
import { Badge } from '../../kit/badge.tsx';
import { counted } from '../../kit/counted.ts';
import { AttackerLink, SessionLink } from '../../kit/links.tsx';
import { lureName } from '../../kit/lure-name.ts';
import { Moment } from '../../kit/moment.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

/** Lures that were used in a session, and those that were planted for it; absent where there are neither. */
export function Touches({ sessionId }: { sessionId: string }) {
  const touches = useInfiniteQuery(touchesQuery({ session_id: sessionId, limit: 20 })).data?.pages[0]?.data ?? [];
  const planted = useInfiniteQuery(luresQuery({ session_id: sessionId, limit: 20 })).data?.pages[0]?.data ?? [];
  if (touches.length === 0 && planted.length === 0) return null;
  return (
    <Panel
      title="Lures"
      aside={
        <Link to="/lures" className="underline">
          all
        </Link>
      }
    >
      <ul className="divide-y divide-line text-[0.85rem]">
        {touches.map(({ id, touched_at, event_id, place, lure }) => (
          <li key={id} className="py-1.5">
            <Moment iso={touched_at} /> <Badge tone="bg-high-ground text-high">▲ used {lureName(lure.kind)}</Badge>{' '}
            <Link to="/events/$eventId" params={{ eventId: event_id }} className="underline">
              as {place}
            </Link>
            <div className="text-soft">
              <Untrusted text={lure.path} mono max={120} />, planted <Moment iso={lure.planted_at} />
              {lure.session_id !== null && lure.sensor !== null && (
                <>
                  {' '}
                  for <SessionLink sessionId={lure.session_id} sensor={lure.sensor} />
                </>
              )}
            </div>
            <FirstRead at={lure.first_read_at} by={lure.first_read_ip} />
          </li>
        ))}
        {planted.map((lure) => (
          <li key={lure.id} className="py-1.5">
            <Moment iso={lure.planted_at} /> planted for it: <strong title={lure.kind}>{lureName(lure.kind)}</strong>{' '}
            <Untrusted text={lure.path} mono max={120} />{' '}
            {lure.touches > 0 && <Badge tone="bg-high-ground text-high">▲ used {counted(lure.touches, 'time')}</Badge>}
            <FirstRead at={lure.first_read_at} by={lure.first_read_ip} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function FirstRead({ at, by }: { at: string | null; by: string | null }) {
  if (at === null) return <div className="text-soft">Nobody was seen reading it.</div>;
  return (
    <div className="text-soft">
      First read <Moment iso={at} />
      {by !== null && (
        <>
          {' '}
          by <AttackerLink address={by} />
        </>
      )}
    </div>
  );
}
