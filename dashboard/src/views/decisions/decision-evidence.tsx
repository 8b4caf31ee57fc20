import type { DecisionRecord } from '@cerberusmesh/contract/api-decisions';
import { useQuery } from '@tanstack/react-query';
import { eventQuery } from '../../api/queries.ts';
import { eventName } from '../../kit/event-name.ts';
import { rowCharactersMax, Said } from '../../kit/event-row.tsx';
import { Facts } from '../../kit/facts.tsx';
import { PlainEventLink, Techniques } from '../../kit/links.tsx';
import { Answer } from '../../kit/panel.tsx';
import { percent } from '../../kit/percent.ts';
import { Untrusted } from '../../kit/untrusted.tsx';
import { guardName } from './guard-name.ts';

/** What a decision rests on: the event that it was made at, how that was assessed, and by which policy and models. */
export function DecisionEvidence({ decision: it }: { decision: DecisionRecord }) {
  return (
    <Facts
      facts={[
        ['Decided at', <DecidedAt key="e" eventId={it.event_id} />],
        ['Assessed', `${it.severity}, threat score ${it.threat_score.toFixed(2)}, ${percent(it.confidence)} sure`],
        ['Aimed at', <Untrusted key="t" text={it.target || '–'} mono max={200} />],
        ...(it.guard === null ? [] : [['Held back', guardName(it.guard)] as const]),
        ['Rule', <Untrusted key="r" text={it.rule} mono max={80} />],
        ['Policy', <Untrusted key="p" text={it.policy_version} mono max={120} />],
        ['Models', <Untrusted key="m" text={it.model_version} mono max={120} />],
      ]}
    />
  );
}

function DecidedAt({ eventId }: { eventId: string }) {
  const event = useQuery(eventQuery(eventId));
  return (
    <Answer query={event}>
      {(it) => (
        <>
          <PlainEventLink id={it.id} isInText>
            <Untrusted text={eventName(it.event_type)} max={80} />
          </PlainEventLink>{' '}
          <Said event={it} max={rowCharactersMax} /> <Techniques ids={it.techniques} max={5} />
        </>
      )}
    </Answer>
  );
}
