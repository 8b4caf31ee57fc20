import type { AttackerProfile } from '@cerberusmesh/contract/api-attacker-desk';
import type { AttackerDetails } from '@cerberusmesh/contract/api-attackers';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { attackerProfileQuery, attackerQuery } from '../api/queries.ts';
import { SeverityBadge } from '../kit/badge.tsx';
import { Columns } from '../kit/columns.tsx';
import { counted } from '../kit/counted.ts';
import { Facts } from '../kit/facts.tsx';
import { honestText } from '../kit/honest-text.ts';
import { Moment } from '../kit/moment.tsx';
import { Answer, Panel } from '../kit/panel.tsx';
import { percent } from '../kit/percent.ts';
import { Whereabouts } from '../kit/whereabouts.tsx';
import { CampaignsOf, Clients, Credentials, TechniquesByDay, Worlds } from './attacker/known.tsx';
import { Notes } from './attacker/notes.tsx';
import { Standing } from './attacker/standing.tsx';
import { SessionRow } from './sessions.tsx';

/** One address: who it is, why it is graded so, what it tried and did, what is done about it. */
export function AttackerView() {
  const { address } = useParams({ from: '/shell/attackers/$address' });
  const attacker = useQuery(attackerQuery(address));
  const profile = useQuery(attackerProfileQuery(address));
  return (
    <Answer query={attacker}>
      {(it) => (
        <div className="grid gap-3 lg:grid-cols-[26rem_1fr]">
          <div className="grid min-w-0 content-start gap-3">
            <Head attacker={it} profile={profile.data} />
            {profile.data && <Standing address={it.ip_address} profile={profile.data} />}
            {profile.data && <Notes address={it.ip_address} notes={profile.data.notes} />}
          </div>
          <div className="grid min-w-0 content-start gap-3">
            <LatestSessions attacker={it} />
            <Answer query={profile}>
              {(known) => (
                <Columns>
                  <TechniquesByDay profile={known} />
                  <Credentials profile={known} />
                  <CampaignsOf profile={known} />
                  <Clients profile={known} />
                  <Worlds profile={known} />
                </Columns>
              )}
            </Answer>
          </div>
        </div>
      )}
    </Answer>
  );
}

function Head({ attacker: it, profile }: { attacker: AttackerDetails; profile: AttackerProfile | undefined }) {
  return (
    <Panel title={honestText(it.ip_address, 64)} aside={<SeverityBadge severity={it.threat_level} />}>
      {profile && (
        <ul id="threat-why" className="mb-3 list-disc pl-5 text-[0.85rem]">
          {profile.threat_why.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <Facts
        facts={[
          ['Where from', <Whereabouts key="w" of={it} />],
          ['Reputation', it.reputation === null ? 'nobody was asked' : `${percent(it.reputation)} known bad`],
          ['Events', it.total_events.toLocaleString()],
          ['Sessions', it.total_sessions.toLocaleString()],
          ['HIGH events', it.high_severity_count.toLocaleString()],
          ['Logins', it.successful_logins.toLocaleString()],
          ['Passwords tried', it.unique_passwords_count.toLocaleString()],
          ...(profile ? told(profile) : []),
          ['First seen', <Moment key="f" iso={it.first_seen} />],
          ['Last seen', <Moment key="l" iso={it.last_seen} />],
        ]}
      />
      <p className="mt-3 flex gap-3 text-[0.85rem]">
        <Link to="/events" search={{ source_ip: it.ip_address }} className="underline">
          all its events
        </Link>
      </p>
    </Panel>
  );
}

function told(profile: AttackerProfile) {
  const { scripts, humans, novelty, anomaly_score, first_shown, touches } = profile;
  return [
    ['Lures used', touches.toLocaleString()],
    ['Typed by', typists(scripts, humans)],
    ['Novelty', `${atMost(novelty)}; showed ${counted(first_shown, 'shape')} first`],
    ['Unlike every day', atMost(anomaly_score)],
  ] as const;
}

/** Of its sessions; told of each when it is over. */
function atMost(share: number | null): string {
  return share === null ? 'not told' : `${percent(share)} at most`;
}

function typists(scripts: number, humans: number): string {
  const told = [
    ...(scripts > 0 ? [`scripts in ${counted(scripts, 'session')}`] : []),
    ...(humans > 0 ? [`a person in ${counted(humans, 'session')}`] : []),
  ];
  return told.join(', ') || 'not told';
}

function LatestSessions({ attacker }: { attacker: AttackerDetails }) {
  return (
    <Panel
      title="Latest sessions"
      aside={
        <Link to="/sessions" search={{ source_ip: attacker.ip_address }} className="underline">
          all
        </Link>
      }
    >
      <ul className="divide-y divide-line">
        {attacker.sessions.map((session) => (
          <li key={session.id} className="py-1.5">
            <SessionRow session={session} compact />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
