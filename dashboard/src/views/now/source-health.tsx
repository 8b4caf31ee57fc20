import type { SourceLedger } from '@cerberusmesh/contract/api-sources';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sourcesQuery } from '../../api/queries.ts';
import { Badge } from '../../kit/badge.tsx';
import { counted } from '../../kit/counted.ts';
import { honestText } from '../../kit/honest-text.ts';
import { age, bytes } from '../../kit/moment.tsx';
import { Answer, Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

/** Whether we still see what we are meant to see. `isBrief`: files that were read to their end are only counted. */
export function SourceHealth({ isBrief = false }: { isBrief?: boolean }) {
  const sources = useQuery(sourcesQuery);
  return (
    <Panel title="Sources">
      <Answer query={sources} isEmpty={({ data }) => data.length === 0} empty="Nothing was read yet.">
        {({ data }) => {
          const shown = isBrief ? data.filter((source) => !isOver(source)) : data;
          return (
            <>
              <ul className="divide-y divide-line">
                {shown.map((source) => (
                  <li key={source.source_id} className="py-1.5">
                    <SourceRow source={source} />
                  </li>
                ))}
              </ul>
              {shown.length < data.length && (
                <p className="mt-1 text-[0.8rem] text-soft">
                  <Link to="/settings" className="underline">
                    {counted(data.length - shown.length, 'file')} read to the end
                  </Link>
                </p>
              )}
            </>
          );
        }}
      </Answer>
    </Panel>
  );
}

function SourceRow({ source }: { source: SourceLedger }) {
  return (
    <>
      <div className="flex items-baseline justify-between gap-2">
        <span className="min-w-0 truncate" title={honestText(source.place)}>
          <Untrusted text={isFile(source) ? shortPlace(source.place) : source.place} mono max={120} />
        </span>
        <State source={source} />
      </div>
      <div className="text-[0.8rem] text-soft">
        {counted(source.lines_stored, 'line')}
        {source.lines_parked > 0 && `, ${source.lines_parked.toLocaleString()} parked`}
        {source.bytes_unread > 0 && `, ${bytes(source.bytes_unread)} unread`}
        {source.bytes_lost > 0 && <strong className="text-high"> · {bytes(source.bytes_lost)} lost</strong>}
        {source.last_event_at === null
          ? ' · no event yet'
          : ` · last event ${age((Date.now() - Date.parse(source.last_event_at)) / 1000)} ago`}
        {!source.balanced && <strong className="text-high"> · the ledger does not balance</strong>}
      </div>
      {source.problem !== null && (
        <div className={`break-anywhere text-[0.8rem] ${source.waiting ? 'text-soft' : 'text-high'}`}>
          {source.problem}
        </div>
      )}
    </>
  );
}

function State({ source }: { source: SourceLedger }) {
  if (source.active) return <Badge tone="bg-low-ground text-low">● read</Badge>;
  if (source.kind === 'file') return <Badge>○ finished</Badge>;
  if (source.waiting) return <Badge>○ not there yet</Badge>;
  return <Badge tone="bg-high-ground text-high">▲ not read</Badge>;
}

function isOver({ kind, active, balanced, problem }: SourceLedger): boolean {
  return kind === 'file' && !active && balanced && problem === null;
}

function isFile({ place }: SourceLedger): boolean {
  return place.startsWith('/');
}

/** `/home/cowrie/var/log/cowrie.json` by its end, which tells it from the others: `…/log/cowrie.json`. */
function shortPlace(place: string): string {
  const parts = place.split('/');
  return parts.length <= 4 ? place : `…/${parts.slice(-3).join('/')}`;
}
