import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { attackerQuery } from '../api/queries.ts';
import { SeverityBadge } from '../kit/badge.tsx';
import { Facts } from '../kit/facts.tsx';
import { Moment } from '../kit/moment.tsx';
import { Answer, Panel } from '../kit/panel.tsx';
import { Untrusted } from '../kit/untrusted.tsx';
import { Watch } from './attacker/watch.tsx';
import { Whereabouts } from './attackers.tsx';
import { SessionRow } from './sessions.tsx';

/** One address: who it is, what it tried, what it did. */
export function AttackerView() {
  const { address } = useParams({ from: '/shell/attackers/$address' });
  const attacker = useQuery(attackerQuery(address));
  return (
    <Answer query={attacker}>
      {(it) => (
        <div className="grid gap-3 lg:grid-cols-[26rem_1fr]">
          <div className="grid content-start gap-3">
            <Panel title={it.ip_address.slice(0, 64)} aside={<SeverityBadge severity={it.threat_level} />}>
              <Facts
                facts={[
                  ['Where from', <Whereabouts key="w" attacker={it} />],
                  [
                    'Reputation',
                    it.reputation === null ? 'nobody was asked' : `${Math.round(it.reputation * 100)} % known bad`,
                  ],
                  ['Events', it.total_events.toLocaleString()],
                  ['Sessions', it.total_sessions.toLocaleString()],
                  ['HIGH events', it.high_severity_count.toLocaleString()],
                  ['Logins', it.successful_logins.toLocaleString()],
                  ['Passwords tried', it.unique_passwords_count.toLocaleString()],
                  ['First seen', <Moment key="f" iso={it.first_seen} />],
                  ['Last seen', <Moment key="l" iso={it.last_seen} />],
                ]}
              />
              <p className="mt-3 text-[0.85rem]">
                <Link to="/events" search={{ source_ip: it.ip_address }} className="underline">
                  all its events
                </Link>
              </p>
              <Watch address={it.ip_address} />
            </Panel>
            <Panel title="Names it tried">
              <ul className="text-[0.85rem]">
                {it.usernames.map(({ username, attempts }) => (
                  <li key={username} className="flex justify-between gap-2">
                    <Untrusted text={username} mono max={120} />
                    <span className="tabular-nums">{attempts.toLocaleString()}</span>
                  </li>
                ))}
              </ul>
            </Panel>
          </div>
          <Panel
            title="Latest sessions"
            aside={
              <Link to="/sessions" search={{ source_ip: it.ip_address }} className="underline">
                all
              </Link>
            }
          >
            <ul className="divide-y divide-line">
              {it.sessions.map((session) => (
                <li key={session.id} className="py-1.5">
                  <SessionRow session={session} />
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      )}
    </Answer>
  );
}
