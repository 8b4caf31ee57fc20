import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { auditQuery } from '../../api/queries.ts';
import { EndlessList } from '../../kit/endless-list.tsx';
import { FilterBar } from '../../kit/filter-bar.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';
import { useChangeFilter } from '../../kit/use-change-filter.ts';
import { VerifyAudit } from './verify-audit.tsx';

const fields = [
  { name: 'actor', label: 'By (user:ada)' },
  { name: 'action', label: 'What (settings.change)' },
  { name: 'subject', label: 'At what' },
] as const;

/** Who did what, newest first, as far back as there is. */
export function Audit() {
  const { part: _part, ...filters } = useSearch({ from: '/shell/settings' });
  const changeFilter = useChangeFilter();
  const audit = useInfiniteQuery(auditQuery({ ...filters, limit: 100 }));
  return (
    <Panel title="Audit" aside="chained and signed: what was altered or taken out is found">
      <VerifyAudit />
      <FilterBar fields={fields} values={filters} onChange={changeFilter} />
      <EndlessList
        query={audit}
        keyOf={({ id }) => String(id)}
        row={(entry) => (
          <div className="flex flex-wrap gap-2 text-[0.85rem]">
            <Moment iso={entry.at} />
            <span className="text-soft">
              <Untrusted text={entry.actor} max={60} />
            </span>
            <strong>{entry.action}</strong>
            <Untrusted text={entry.subject} mono max={120} />
          </div>
        )}
        empty="Nothing like it was done yet."
      />
    </Panel>
  );
}
