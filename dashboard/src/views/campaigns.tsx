import type { Campaign } from '@cerberusmesh/contract/api-campaigns';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { campaignsQuery } from '../api/queries.ts';
import { SeverityBadge } from '../kit/badge.tsx';
import { counted } from '../kit/counted.ts';
import { FilteredList } from '../kit/filtered-list.tsx';
import { Techniques } from '../kit/links.tsx';
import { Moment } from '../kit/moment.tsx';
import { Shape } from '../kit/shape.tsx';
import { CampaignExport } from './campaigns/campaign-export.tsx';

const fields = [
  {
    name: 'severity',
    label: 'Severity',
    choices: [
      ['HIGH', 'HIGH'],
      ['MEDIUM', 'MEDIUM'],
      ['LOW', 'LOW'],
    ],
  },
  { name: 'min_sessions', label: 'Sessions, at least' },
  { name: 'from', label: 'From', isMoment: true },
  { name: 'to', label: 'To', isMoment: true },
] as const;

/** Visits that belong together, by evidence that they share. */
export function Campaigns() {
  const filters = useSearch({ from: '/shell/campaigns' });
  const query = useInfiniteQuery(campaignsQuery(filters));
  return (
    <FilteredList
      label="Campaigns"
      aside={<CampaignExport filters={filters} />}
      fields={fields}
      filters={filters}
      query={query}
      keyOf={(campaign) => campaign.id}
      row={(campaign) => <CampaignRow campaign={campaign} />}
      empty="No campaign yet: sessions are folded when they have ended, and two that share evidence make one."
    />
  );
}

function CampaignRow({ campaign }: { campaign: Campaign }) {
  return (
    <div className="grid grid-cols-[auto_1fr] items-baseline gap-x-2 sm:grid-cols-[6rem_1fr_17rem_7rem]">
      <span>
        <SeverityBadge severity={campaign.severity} />
      </span>
      <span className="min-w-0">
        <Link
          to="/campaigns/$campaignId"
          params={{ campaignId: campaign.id }}
          className="font-semibold hover:underline"
        >
          <Shape text={campaign.name} max={160} />
        </Link>{' '}
        <Techniques ids={campaign.techniques} max={6} />
      </span>
      <span className="col-span-2 text-[0.85rem] sm:col-span-1">
        {counted(campaign.sessions, 'session')} from {counted(campaign.addresses, 'address', 'addresses')}
      </span>
      <Moment iso={campaign.last_seen} />
    </div>
  );
}
