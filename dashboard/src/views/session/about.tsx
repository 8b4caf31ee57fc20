import type { SessionDetails, SessionSummary } from '@cerberusmesh/contract/api-sessions';
import { SeverityBadge } from '../../kit/badge.tsx';
import { Facts } from '../../kit/facts.tsx';
import { AttackerLink, SessionLink, Techniques } from '../../kit/links.tsx';
import { durationOf, Moment } from '../../kit/moment.tsx';
import { Panel } from '../../kit/panel.tsx';
import { percent } from '../../kit/percent.ts';
import { Untrusted } from '../../kit/untrusted.tsx';
import { Whereabouts } from '../../kit/whereabouts.tsx';

/** Who came, from where, with what, and what kind of visit it was. */
export function About({ session: it }: { session: SessionDetails }) {
  return (
    <Panel title="Session" aside={<SeverityBadge severity={it.severity} />}>
      <Facts
        facts={[
          ['Id', <SessionLink key="i" sessionId={it.session_id} sensor={it.sensor} />],
          ['Sensor', <Untrusted key="s" text={it.sensor} />],
          ['From', it.source_ip === null ? '–' : <AttackerLink key="a" address={it.source_ip} />],
          ['Origin', it.origin === null ? 'not known' : <Whereabouts key="o" of={it.origin} />],
          [
            'Reputation',
            it.origin?.reputation == null ? 'nobody was asked' : `${percent(it.origin.reputation)} known bad`,
          ],
          ['Began', <Moment key="b" iso={it.start_time} />],
          ['Lasted', durationOf(it.start_time, it.end_time ?? it.last_event_time)],
          ['Typed by', typist(it)],
          ['Novelty', told(it, it.novelty, 'how surprising the order of its statements is', it.novelty_why)],
          ['Unlike every day', told(it, it.anomaly_score, 'against the visits of training', it.anomaly_why)],
          ['Client', it.client_version === null ? '–' : <Untrusted key="c" text={it.client_version} mono />],
          ['HASSH', it.hassh === null ? '–' : <Untrusted key="h" text={it.hassh} mono />],
          ['Techniques', it.techniques.length === 0 ? 'none was seen' : <Techniques key="t" ids={it.techniques} />],
        ]}
      />
    </Panel>
  );
}

function typist({ actor, actor_score, is_active }: SessionSummary): string {
  if (actor === null || actor_score === null) return is_active ? 'told when it is over' : 'too little was typed';
  const sure = actor === 'human' ? actor_score : 1 - actor_score;
  return `${actor === 'human' ? 'a person' : 'a script'} (${percent(sure)} sure)`;
}

function told({ is_active }: SessionSummary, score: number | null, meaning: string, why: string | null) {
  if (score === null) return is_active ? 'told when it is over' : 'not told';
  return (
    <>
      <span title={meaning}>{percent(score)}</span>
      {why !== null && (
        <p className="text-soft text-xs">
          <Untrusted text={why} />
        </p>
      )}
    </>
  );
}
