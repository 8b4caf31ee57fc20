import type { LureRecord, TouchRecord } from '@cerberusmesh/contract/api-lures';
import { useInfiniteQuery } from '@tanstack/react-query';
import { luresQuery, touchesQuery } from '../api/queries.ts';
import { Badge } from '../kit/badge.tsx';
import { counted } from '../kit/counted.ts';
import { EndlessList } from '../kit/endless-list.tsx';
import { AttackerLink, SessionLink } from '../kit/links.tsx';
import { lureName } from '../kit/lure-name.ts';
import { Moment } from '../kit/moment.tsx';
import { Panel } from '../kit/panel.tsx';
import { Untrusted } from '../kit/untrusted.tsx';
import { Effect } from './decisions/effect.tsx';

/** What was planted, who used it, and whether any of it does good. */
export function Lures() {
  const touches = useInfiniteQuery(touchesQuery({}));
  const lures = useInfiniteQuery(luresQuery({}));
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <div className="grid content-start gap-3">
        <Panel title="Touches" aside="a planted secret was used">
          <EndlessList
            query={touches}
            keyOf={(touch) => touch.id}
            row={(touch) => <TouchRow touch={touch} />}
            empty="No lure was used yet."
          />
        </Panel>
        <Effect />
      </div>
      <Panel title="Lures">
        <EndlessList
          query={lures}
          keyOf={(lure) => lure.id}
          row={(lure) => <LureRow lure={lure} />}
          empty="Nothing is planted. A grave session on a prepared Cowrie causes it."
        />
      </Panel>
    </div>
  );
}

function TouchRow({ touch }: { touch: TouchRecord }) {
  return (
    <div className="grid gap-0.5">
      <div className="flex flex-wrap items-baseline gap-2">
        <Moment iso={touch.touched_at} />
        <Badge tone="bg-high-ground text-high">▲ {lureName(touch.lure.kind)}</Badge>
        {touch.source_ip !== null && <AttackerLink address={touch.source_ip} />}
        {touch.session_id !== null && <SessionLink sessionId={touch.session_id} sensor={touch.sensor} />}
        <span className="text-soft">as {touch.place}</span>
      </div>
      <div className="text-[0.85rem] text-soft">
        <Untrusted text={touch.lure.path} mono max={120} /> was planted at <Moment iso={touch.lure.planted_at} />
        {touch.lure.source_ip !== null && (
          <>
            {' '}
            for <AttackerLink address={touch.lure.source_ip} />
          </>
        )}
        {touch.lure.first_read_ip !== null && (
          <>
            , first read by <AttackerLink address={touch.lure.first_read_ip} />
          </>
        )}
      </div>
    </div>
  );
}

function LureRow({ lure }: { lure: LureRecord }) {
  return (
    <div className="flex flex-wrap items-baseline gap-2">
      <Moment iso={lure.planted_at} />
      <strong title={lure.kind}>{lureName(lure.kind)}</strong>
      <Untrusted text={lure.path} mono max={120} />
      {lure.shown !== null && <Untrusted text={lure.shown} mono max={80} />}
      {lure.source_ip !== null && <AttackerLink address={lure.source_ip} />}
      {lure.first_read_at !== null && <Badge tone="bg-medium-ground text-medium">◆ read</Badge>}
      {lure.touches > 0 && <Badge tone="bg-high-ground text-high">▲ used {counted(lure.touches, 'time')}</Badge>}
    </div>
  );
}
