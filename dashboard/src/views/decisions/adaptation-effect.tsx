import { useInfiniteQuery } from '@tanstack/react-query';
import { luresQuery } from '../../api/queries.ts';
import { Badge } from '../../kit/badge.tsx';
import { counted } from '../../kit/counted.ts';
import { AttackerLink } from '../../kit/links.tsx';
import { lureName } from '../../kit/lure-name.ts';
import { Moment } from '../../kit/moment.tsx';
import { Answer } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

/** What an adaptation planted, who read it, and whether it was used. */
export function AdaptationEffect({ adaptationId }: { adaptationId: string }) {
  const lures = useInfiniteQuery(luresQuery({ adaptation_id: adaptationId, limit: 20 }));
  return (
    <Answer query={lures} isEmpty={({ pages }) => pages[0]?.data.length === 0} empty="It planted nothing to be used.">
      {({ pages }) => (
        <ul>
          {pages[0]?.data.map((lure) => (
            <li key={lure.id}>
              {lureName(lure.kind)} in <Untrusted text={lure.path} mono max={120} />:{' '}
              {lure.touches > 0 ? (
                <Badge tone="bg-high-ground text-high">▲ used {counted(lure.touches, 'time')}</Badge>
              ) : lure.first_read_at === null ? (
                'nobody was seen reading it'
              ) : (
                <>
                  read <Moment iso={lure.first_read_at} />
                  {lure.first_read_ip !== null && (
                    <>
                      {' '}
                      by <AttackerLink address={lure.first_read_ip} />
                    </>
                  )}
                  , not used yet
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </Answer>
  );
}
