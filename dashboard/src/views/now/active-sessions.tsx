import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { activeSessionsQuery } from '../../api/queries.ts';
import { SeverityBadge } from '../../kit/badge.tsx';
import { counted } from '../../kit/counted.ts';
import { SessionLink } from '../../kit/links.tsx';
import { age } from '../../kit/moment.tsx';
import { Answer, Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

const refreshMs = 3_000;

/** Who is inside right now, and what each is doing. */
export function ActiveSessions() {
  const query = useInfiniteQuery({
    ...activeSessionsQuery,
    refetchInterval: refreshMs,
  });
  return (
    <Panel
      title="Inside now"
      aside={
        <Link to="/sessions" search={{ active: 'true' }} className="underline">
          all
        </Link>
      }
    >
      <Answer query={query} isEmpty={({ pages }) => pages[0]?.data.length === 0} empty="Nobody is inside.">
        {({ pages }) => (
          <ul className="divide-y divide-line">
            {pages[0]?.data.map((session) => (
              <li key={session.id} className="py-1.5">
                <div className="flex items-baseline justify-between gap-2">
                  <SessionLink sessionId={session.session_id} sensor={session.sensor}>
                    <Untrusted text={session.source_ip ?? session.session_id} mono max={64} />
                  </SessionLink>
                  <SeverityBadge severity={session.severity} />
                </div>
                <div className="text-[0.8rem] text-soft">
                  {session.successful_login ? 'logged in' : 'not logged in'} ·{' '}
                  {counted(session.command_count, 'command')} · for{' '}
                  {age((Date.now() - Date.parse(session.start_time)) / 1000)}
                </div>
                {session.last_command !== null && (
                  <div className="truncate" title="What was typed last">
                    <Untrusted text={session.last_command} mono max={120} />
                  </div>
                )}
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}
