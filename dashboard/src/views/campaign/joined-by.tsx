import type { CampaignDetails } from '@cerberusmesh/contract/api-campaigns';
import { counted } from '../../kit/counted.ts';
import { Panel, Quiet } from '../../kit/panel.tsx';
import { reasonWords } from '../../kit/reasons.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

/** Why these sessions are one campaign: by what they were joined, and all evidence that several of them show. */
export function JoinedBy({ campaign: { joined_by, evidence, merged } }: { campaign: CampaignDetails }) {
  return (
    <Panel title="What joins them" aside="a session joins where its reasons together weigh 1">
      {joined_by.length === 0 && <Quiet>It has one session only.</Quiet>}
      <ul id="joined-by" className="divide-y divide-line">
        {joined_by.map(({ kind, sessions: joined, value, values }) => (
          <li key={kind} className="py-1">
            <strong>{counted(joined, 'session')}</strong> joined by {reasonWords(kind)}
            <div className="text-soft">
              <Untrusted text={value.replaceAll('\n', '; ')} mono max={200} />
              {values > 1 && ` and ${(values - 1).toLocaleString()} more`}
            </div>
          </li>
        ))}
      </ul>
      {evidence.length > 0 && (
        <>
          <h3 className="mt-3 font-semibold">All that they share</h3>
          <p className="text-[0.8rem] text-soft">The fewer other campaigns show it, the more it says.</p>
          <ul className="divide-y divide-line">
            {evidence.map((shared) => (
              <li key={`${shared.kind} ${shared.value}`} className="flex flex-wrap gap-x-2 py-1">
                <span className="text-soft">{shared.kind.replace('_', ' ')}</span>
                <span className="min-w-0 flex-1 basis-48">
                  <Untrusted text={shared.value} mono max={300} />
                </span>
                <span className="text-[0.8rem] text-soft">
                  {counted(shared.sessions, 'session')},{' '}
                  {shared.campaigns === 0 ? 'no other campaign' : counted(shared.campaigns, 'other campaign')}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {merged.length > 0 && (
        <p className="mt-3 text-soft">
          {counted(merged.length, 'campaign')} turned out to be part of it:{' '}
          <Untrusted text={merged.map(({ name }) => name).join(', ')} mono max={300} />
        </p>
      )}
    </Panel>
  );
}
