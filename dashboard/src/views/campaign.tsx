import type { CampaignDetails } from '@cerberusmesh/contract/api-campaigns';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { campaignQuery } from '../api/queries.ts';
import { SeverityBadge } from '../kit/badge.tsx';
import { Columns } from '../kit/columns.tsx';
import { counted } from '../kit/counted.ts';
import { Facts } from '../kit/facts.tsx';
import { Techniques } from '../kit/links.tsx';
import { Moment } from '../kit/moment.tsx';
import { MoreButton } from '../kit/more-button.tsx';
import { Answer, Panel } from '../kit/panel.tsx';
import { Shape } from '../kit/shape.tsx';
import { Untrusted } from '../kit/untrusted.tsx';
import { JoinedBy } from './campaign/joined-by.tsx';
import { Addresses, Members } from './campaign/members.tsx';

/** Why its sessions are one campaign, what they do, and who they are. */
export function CampaignView() {
  const { campaignId } = useParams({ from: '/shell/campaigns/$campaignId' });
  const query = useInfiniteQuery(campaignQuery(campaignId));
  return (
    <Answer query={query}>
      {({ pages }) => {
        const [head] = pages;
        return (
          head && (
            <Columns>
              <Head campaign={head} />
              <JoinedBy campaign={head} />
              <Done campaign={head} />
              <Addresses addresses={head.top_addresses} />
              <Members members={pages.flatMap(({ members }) => members.data)} more={<MoreButton query={query} />} />
            </Columns>
          )
        );
      }}
    </Answer>
  );
}

function Head({ campaign: it }: { campaign: CampaignDetails }) {
  return (
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
  );
}

function Done({ campaign: { shapes } }: { campaign: CampaignDetails }) {
  return (
    <Panel title="What they do" aside="folded: names, addresses and blobs taken out">
      <ul className="divide-y divide-line">
        {shapes.map((shape) => (
          <li key={shape.id} className="py-1">
            <Shape text={shape.shape} max={400} />
            <div className="text-[0.8rem] text-soft">in {counted(shape.sessions, 'session')}</div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
