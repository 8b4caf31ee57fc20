import type { SessionSummary, TimelineEvent } from '@cerberusmesh/contract/api-sessions';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { actionsQuery, adaptationsQuery, decisionsQuery, pendingApprovalsQuery } from '../../api/queries.ts';
import { SeverityBadge, StatusBadge } from '../../kit/badge.tsx';
import { counted } from '../../kit/counted.ts';
import { deedName } from '../../kit/deed-name.ts';
import { eventName } from '../../kit/event-name.ts';
import { Said } from '../../kit/event-row.tsx';
import { AttackerLink, PlainEventLink } from '../../kit/links.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Sentence } from '../../kit/sentence.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';
import { placeName } from '../../kit/whereabouts.tsx';
import { Question, useQuestions } from '../decisions/pending-approvals.tsx';
import { gravestOf } from './gravest.ts';

/** For who was woken by it: what happened, whether it is serious, what was done, and what is left to do. */
export function InShort({ session, events }: { session: SessionSummary; events: readonly TimelineEvent[] }) {
  return (
    <Panel title="In short" aside={<SeverityBadge severity={session.severity} />}>
      <dl id="in-short" className="grid gap-x-4 gap-y-2 sm:grid-cols-[9rem_1fr]">
        <Line question="What happened?">
          <Happened session={session} />
        </Line>
        <Line question="Is it serious?">
          <Serious severity={session.severity} events={events} />
        </Line>
        <Line question="What did we do?">
          <Done sessionId={session.session_id} />
        </Line>
        <Line question="What is left to do?">
          <ToDo session={session} />
        </Line>
      </dl>
    </Panel>
  );
}

function Line({ question, children }: { question: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{question}</dt>
      <dd className="min-w-0 max-sm:mb-1">{children}</dd>
    </>
  );
}

function Happened({ session: it }: { session: SessionSummary }) {
  const who = it.actor === null ? 'Somebody' : it.actor === 'human' ? 'A person' : 'A script';
  return (
    <>
      {who} from {it.source_ip === null ? 'no address' : <AttackerLink address={it.source_ip} />}
      {it.origin !== null && (
        <>
          {' '}
          (<Untrusted text={placeName(it.origin)} max={90} />)
        </>
      )}{' '}
      {it.successful_login ? 'logged in' : 'came and did not get in'}
      {it.command_count > 0 && ` and typed ${counted(it.command_count, 'command')}`}
      {it.is_active ? '; the session is still open.' : '; the session is over.'}
    </>
  );
}

const graveness: ReadonlyMap<string, string> = new Map([
  ['HIGH', 'Yes.'],
  ['MEDIUM', 'Perhaps.'],
  ['LOW', 'No.'],
]);

/** The gravest event of those that are read, in its own words, and why it is held to be that. */
function Serious({ severity, events }: { severity: string; events: readonly TimelineEvent[] }) {
  const gravest = severity === 'LOW' ? undefined : gravestOf(events);
  return (
    <>
      {graveness.get(severity) ?? 'Not told yet.'}{' '}
      {gravest && (
        <>
          <PlainEventLink id={gravest.id} isInText>
            The gravest, <Untrusted text={eventName(gravest.event_type)} max={80} />:
          </PlainEventLink>{' '}
          <Said event={gravest} />
          {gravest.why !== null && (
            <span className="text-soft">
              {' '}
              – <Untrusted text={gravest.why} max={300} />
            </span>
          )}
        </>
      )}
    </>
  );
}

/** Actions in a person's words; an adaptation has its own name. */
const doings: ReadonlyMap<string, string> = new Map([
  ['monitor', 'Watch'],
  ['lock_down', 'Block'],
  ['escalate', 'Tell people'],
  ['rotate_key', 'Rotate a key'],
  ['launch_decoy', 'Launch a decoy'],
]);

/** Files are planted; a banner or a machine is changed. */
function plantName(kind: string): string {
  const name = deedName(kind);
  return name.startsWith('another ') ? `Show ${name}` : `Plant ${name}`;
}

function Done({ sessionId }: { sessionId: string }) {
  const about = { session_id: sessionId, limit: 20 };
  const actions = useInfiniteQuery(actionsQuery(about)).data?.pages[0]?.data;
  const adaptations = useInfiniteQuery(adaptationsQuery(about)).data?.pages[0]?.data;
  const decisions = useInfiniteQuery(decisionsQuery(about)).data?.pages[0]?.data;
  if (actions === undefined || adaptations === undefined || decisions === undefined) return 'Loading …';
  const done = [
    ...adaptations.map(({ id, action_type, status }) => ({
      id,
      name: plantName(action_type),
      kind: action_type,
      status,
    })),
    ...actions.map(({ id, kind, status }) => ({ id, name: doings.get(kind) ?? kind, kind, status })),
  ];
  if (done.length > 0) {
    return (
      <span className="flex flex-wrap gap-x-4 gap-y-1">
        {done.map(({ id, name, kind, status }) => (
          <span key={id}>
            <strong title={kind}>{name}</strong> <StatusBadge status={status} />
          </span>
        ))}
      </span>
    );
  }
  const [newest] = decisions;
  return newest === undefined ? (
    'Nothing: nothing was decided about it.'
  ) : (
    <>
      Nothing. <Sentence text={newest.why} max={300} />
    </>
  );
}

function ToDo({ session: { session_id, source_ip, severity } }: { session: SessionSummary }) {
  const waiting = useQuery(pendingApprovalsQuery).data?.data.filter((asked) => asked.session_id === session_id) ?? [];
  const { questions, keep } = useQuestions(waiting);
  if (questions.length > 0) {
    return questions.map((approval) => <Question key={approval.id} approval={approval} keep={keep} />);
  }
  return (
    <>
      Nothing waits for an answer.{' '}
      {source_ip !== null && severity !== 'LOW' && (
        <Link to="/attackers/$address" params={{ address: source_ip }} className="underline">
          Watch, block or leave alone its address
        </Link>
      )}
    </>
  );
}
