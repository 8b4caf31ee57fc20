import type { Attacker } from '@cerberusmesh/contract/api-attackers';
import { attackerFields } from '@cerberusmesh/contract/search-fields';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { attackersQuery } from '../api/queries.ts';
import { SeverityBadge } from '../kit/badge.tsx';
import { counted } from '../kit/counted.ts';
import { FilteredList } from '../kit/filtered-list.tsx';
import { AttackerLink } from '../kit/links.tsx';
import { Moment } from '../kit/moment.tsx';
import { percent } from '../kit/percent.ts';
import { Whereabouts } from '../kit/whereabouts.tsx';

const levels = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const;
const fields = [
  {
    name: 'sort',
    label: 'Order',
    unset: 'highest threat score',
    choices: [
      ['events', 'busiest'],
      ['recent', 'latest'],
    ],
  },
  { name: 'threat_level', label: 'Threat level', choices: levels.map((level) => [level, level] as const) },
  { name: 'country', label: 'Country (two letters)' },
  { name: 'asn', label: 'AS number' },
  {
    name: 'scanner',
    label: 'Research scanners',
    choices: [
      ['true', 'only they'],
      ['false', 'without them'],
    ],
  },
] as const;

/** Every address that came. */
export function Attackers() {
  const filters = useSearch({ from: '/shell/attackers' });
  const query = useInfiniteQuery(attackersQuery(filters));
  return (
    <FilteredList
      label="Attackers"
      fields={fields}
      searchFields={attackerFields}
      searchExample='level:CRITICAL country:CN as:"telecom" after:24h'
      filters={filters}
      query={query}
      keyOf={(attacker) => attacker.id}
      row={(attacker) => <AttackerRow attacker={attacker} />}
      empty="No attacker fits these filters."
    />
  );
}

function AttackerRow({ attacker }: { attacker: Attacker }) {
  return (
    <div className="grid grid-cols-[auto_1fr] items-baseline gap-x-2 sm:grid-cols-[6.5rem_11rem_1fr_7rem]">
      <span>
        <SeverityBadge severity={attacker.threat_level} />
      </span>
      <AttackerLink address={attacker.ip_address} />
      <span className="col-span-2 min-w-0 text-[0.85rem] sm:col-span-1">
        <Whereabouts of={attacker} /> · {counted(attacker.total_events, 'event')} in{' '}
        {counted(attacker.total_sessions, 'session')}, {attacker.high_severity_count.toLocaleString()} HIGH,{' '}
        {counted(attacker.successful_logins, 'login')} · threat {percent(attacker.threat_score)}
      </span>
      <Moment iso={attacker.last_seen} />
    </div>
  );
}
