import { queryOptions, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api, dataOf } from '../api/ask.ts';
import { SeverityBadge } from '../kit/badge.tsx';
import { counted } from '../kit/counted.ts';
import { Facts } from '../kit/facts.tsx';
import { AttackerLink, SessionLink, Techniques } from '../kit/links.tsx';
import { Moment } from '../kit/moment.tsx';
import { Answer, Panel, Quiet } from '../kit/panel.tsx';
import { Shape } from '../kit/shape.tsx';
import { Untrusted } from '../kit/untrusted.tsx';

const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: ['campaign', id],
    queryFn: () => dataOf(api.GET('/api/campaigns/{id}', { params: { path: { id } } })),
  });

/** What joins its sessions, what they do, and who they are. */
export function CampaignView() {
  const { campaignId } = useParams({ from: '/shell/campaigns/$campaignId' });
  const campaign = useQuery(campaignQuery(campaignId));
  return (
    <Answer query={campaign}>
      {(it) => (
        <div className="grid items-start gap-3 lg:grid-cols-2">
          <Panel title="Campaign" aside={<SeverityBadge severity={it.severity} />}>
            <p className="mb-2 font-semibold">
              <Shape text={it.name} max={400} />
            </p>
            <Facts
              facts={[
                ['Sessions', it.sessions.toLocaleString()],
                ['Addresses', it.addresses.toLocaleString()],
                ['Sensors', <Untrusted key="s" text={it.sensors.join(', ')} />],
                ['First seen', <Moment key="f" iso={it.first_seen} />],
                ['Last seen', <Moment key="l" iso={it.last_seen} />],
                ['Techniques', <Techniques key="t" ids={it.techniques} />],
              ]}
            />
          </Panel>
          <Panel title="What they do" aside="folded: names, addresses and blobs taken out">
            <ul className="grid gap-1">
              {it.shapes.map((shape) => (
                <li key={shape.id} className="flex justify-between gap-3">
                  <Shape text={shape.shape} max={400} />
                  <span className="tabular-nums text-soft">{shape.sessions}</span>
                </li>
              ))}
            </ul>
          </Panel>
          <Panel title="What joins them" aside="the fewer campaigns show it, the more it says">
            {it.evidence.length === 0 && (
              <Quiet>
                No key, payload or host: what they do, their client or address, as it stands beside each member.
              </Quiet>
            )}
            <ul className="divide-y divide-line">
              {it.evidence.map((evidence) => (
                <li key={`${evidence.kind} ${evidence.value}`} className="grid grid-cols-[6rem_1fr_auto] gap-2 py-1">
                  <span className="text-soft">{evidence.kind}</span>
                  <Untrusted text={evidence.value} mono max={300} />
                  <span className="text-[0.8rem] text-soft">
                    {counted(evidence.sessions, 'session')}, {counted(evidence.campaigns, 'other campaign')}
                  </span>
                </li>
              ))}
            </ul>
          </Panel>
          <Panel title="Members">
            <ul className="divide-y divide-line">
              {it.members.data.map((member) => (
                <li key={member.session} className="flex flex-wrap items-baseline gap-2 py-1">
                  <Moment iso={member.start_time} />
                  <SeverityBadge severity={member.severity} />
                  <SessionLink sessionId={member.session_id} sensor={member.sensor} />
                  {member.source_ip !== null && <AttackerLink address={member.source_ip} />}
                  <span className="text-[0.8rem] text-soft">
                    {member.why.map(({ kind }) => kind).join(', ') || 'began it'}
                  </span>
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      )}
    </Answer>
  );
}
