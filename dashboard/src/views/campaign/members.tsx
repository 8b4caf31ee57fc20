import type { CampaignDetails, CampaignMember } from '@cerberusmesh/contract/api-campaigns';
import type { ReactNode } from 'react';
import { SeverityBadge } from '../../kit/badge.tsx';
import { counted } from '../../kit/counted.ts';
import { AttackerLink, SessionLink } from '../../kit/links.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Reasons } from '../../kit/reasons.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';
import { placeName } from '../../kit/whereabouts.tsx';

/** Its sessions, each with why it belongs here; `more` leads to the rest. */
export function Members({ members, more }: { members: readonly CampaignMember[]; more: ReactNode }) {
  return (
    <Panel title="Members" aside="newest first; open one to see why it belongs here">
      <ul id="members" className="divide-y divide-line">
        {members.map((member) => (
          <li key={member.session} className="py-1">
            <div className="flex flex-wrap items-baseline gap-x-2">
              <Moment iso={member.start_time} />
              <SeverityBadge severity={member.severity} />
              <SessionLink sessionId={member.session_id} sensor={member.sensor} />
              {member.source_ip !== null && <AttackerLink address={member.source_ip} />}
            </div>
            {member.why.length === 0 ? (
              <span className="text-[0.8rem] text-soft">began it</span>
            ) : (
              <details>
                <summary className="text-[0.8rem] text-soft">
                  {counted(member.why.length, 'reason')}, weighing {member.score.toFixed(1)}
                </summary>
                <Reasons why={member.why} />
              </details>
            )}
          </li>
        ))}
      </ul>
      {more}
    </Panel>
  );
}

/** Where they come from, busiest first. */
export function Addresses({ addresses }: { addresses: CampaignDetails['top_addresses'] }) {
  return (
    <Panel title="Addresses" aside="the busiest">
      <ul className="divide-y divide-line">
        {addresses.map((from) => (
          <li key={from.ip_address} className="flex flex-wrap items-baseline gap-x-2 py-1">
            <AttackerLink address={from.ip_address} />
            <span className="min-w-0 flex-1 text-[0.85rem] text-soft">
              <Untrusted text={`${placeName(from)}${from.as_name === null ? '' : ` · ${from.as_name}`}`} max={160} />
            </span>
            <span className="text-[0.85rem] tabular-nums">{counted(from.sessions, 'session')}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
