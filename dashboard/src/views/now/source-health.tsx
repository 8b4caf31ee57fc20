import { useQuery } from '@tanstack/react-query';
import { sourcesQuery } from '../../api/queries.ts';
import { Badge } from '../../kit/badge.tsx';
import { age, bytes } from '../../kit/moment.tsx';
import { Answer, Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

/** Whether we still see what we are meant to see. */
export function SourceHealth() {
  const sources = useQuery(sourcesQuery);
  return (
    <Panel title="Sources">
      <Answer query={sources} isEmpty={({ data }) => data.length === 0} empty="Nothing was read yet.">
        {({ data }) => (
          <ul className="divide-y divide-line">
            {data.map((source) => (
              <li key={source.source_id} className="py-1.5">
                <div className="flex items-baseline justify-between gap-2">
                  <span className="min-w-0 truncate">
                    <Untrusted text={source.place} mono max={120} />
                  </span>
                  {source.active ? (
                    <Badge tone="bg-low-ground text-low">● read</Badge>
                  ) : (
                    <Badge>
                      {source.kind === 'file' ? '○ finished' : source.waiting ? '○ not there yet' : '○ not read'}
                    </Badge>
                  )}
                </div>
                <div className="text-[0.8rem] text-soft">
                  {source.lines_stored.toLocaleString()} lines, {source.lines_parked.toLocaleString()} parked,{' '}
                  {bytes(source.bytes_unread)} unread · last event{' '}
                  {source.last_event_at === null
                    ? 'never'
                    : `${age((Date.now() - Date.parse(source.last_event_at)) / 1000)} ago`}
                  {!source.balanced && <strong className="text-high"> · the ledger does not balance</strong>}
                </div>
                {source.problem !== null && (
                  <div className={`break-anywhere text-[0.8rem] ${source.waiting ? 'text-soft' : 'text-high'}`}>
                    {source.problem}
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
