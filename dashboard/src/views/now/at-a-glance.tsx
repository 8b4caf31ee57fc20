import type { HealthReport } from '@cerberusmesh/contract/api-health';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { healthQuery, newestEventsQuery, pendingApprovalsQuery } from '../../api/queries.ts';
import { counted } from '../../kit/counted.ts';
import { age } from '../../kit/moment.tsx';
import { useFeed } from '../../live/use-feed.ts';
import { newTodayMax, useNewToday } from './use-new-today.ts';

const tones = { good: 'text-low', look: 'text-medium', grave: 'text-high', quiet: 'text-soft' } as const;

/** Three questions, answered before anything is read: does it work, what is new, does anything wait for me. */
export function AtAGlance() {
  const health = useQuery(healthQuery);
  const approvals = useQuery(pendingApprovalsQuery).data?.data.length;
  const { shapes, touches } = useNewToday();
  const stored = useInfiniteQuery(newestEventsQuery).data?.pages[0]?.data[0];
  const latest = useFeed(({ events }) => events[0]?.timestamp) ?? stored?.timestamp;
  return (
    <section
      aria-label="At a glance"
      className="grid gap-x-6 gap-y-1 rounded-lg border border-line bg-card px-3 py-2 sm:grid-cols-3"
    >
      <Line question="Working?" {...working(health.data, health.error, latest)} />
      <Line question="New today?" {...fresh(shapes?.length, touches?.length)} />
      <Line
        question="Needs you?"
        {...(approvals === undefined
          ? asking
          : approvals === 0
            ? { tone: 'quiet' as const, answer: 'Nothing waits for a person.' }
            : {
                tone: 'grave' as const,
                answer: <Link to="/decisions">▲ {counted(approvals, 'decision')} wait for an answer</Link>,
              })}
      />
    </section>
  );
}

const asking = { tone: 'quiet', answer: '…' } as const;

interface Told {
  readonly tone: keyof typeof tones;
  readonly answer: ReactNode;
}

function Line({ question, tone, answer }: Told & { question: string }) {
  return (
    <p>
      <span className="text-[0.8rem] text-soft">{question}</span> <strong className={tones[tone]}>{answer}</strong>
    </p>
  );
}

/** `latest`: the newest event that the page has, which comes sooner than the next look at the engine's health. */
function working(health: HealthReport | undefined, error: Error | null, latest: string | undefined): Told {
  if (error) return { tone: 'grave', answer: '▲ The engine does not answer.' };
  if (health === undefined) return asking;
  if (health.database === 'disconnected')
    return { tone: 'grave', answer: '▲ The database is away; nothing is stored.' };
  const read = health.sources.filter(({ active }) => active);
  if (read.length === 0) return { tone: 'grave', answer: <Link to="/settings">▲ No source is read.</Link> };
  const away = health.sources.filter(({ active, waiting }) => !active && !waiting).length;
  if (health.status !== 'healthy' && away > 0) {
    return { tone: 'look', answer: <Link to="/settings">◆ {counted(away, 'source')} not read</Link> };
  }
  const ages = [
    ...read.flatMap(({ lastEventAgeSeconds }) => lastEventAgeSeconds ?? []),
    ...(latest === undefined ? [] : [Math.max(0, (Date.now() - Date.parse(latest)) / 1000)]),
  ];
  const last = ages.length === 0 ? 'no event yet' : `last event ${age(Math.min(...ages))} ago`;
  return { tone: 'good', answer: `● ${counted(read.length, 'source')} read, ${last}` };
}

function fresh(shapes: number | undefined, touches: number | undefined): Told {
  if (shapes === undefined || touches === undefined) return asking;
  const parts = [
    ...(touches === 0 ? [] : [`▲ ${orMore(touches, 'use')} of a lure`]),
    ...(shapes === 0 ? [] : [`${orMore(shapes, 'sequence')} never seen before`]),
  ];
  if (parts.length === 0) return { tone: 'quiet', answer: 'Nothing that was not seen before.' };
  return { tone: touches > 0 ? 'grave' : 'look', answer: parts.join(', ') };
}

/** The lists are asked for no more than a few. */
function orMore(count: number, one: string): string {
  return count < newTodayMax ? counted(count, one) : `${count} and more ${one}s`;
}
