import type { AnalystStatus } from '@cerberusmesh/contract/analysis';
import type { RealtimeFigures } from '@cerberusmesh/contract/api-health';
import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../kit/clock.ts';
import type { WatchedSource } from './health.ts';

export interface GaugeParts {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly figures: () => Promise<RealtimeFigures>;
  readonly sources: () => readonly WatchedSource[];
  readonly jobs: () => Promise<{ readonly jobsWaiting: number; readonly jobsFailed: number }>;
  readonly analyst: () => Promise<
    Pick<AnalystStatus, 'requests_this_hour' | 'requests_this_day' | 'tokens_this_hour' | 'tokens_this_day'>
  >;
}

/** Asked once for all gauges of one look at them. */
const answerMs = 1_000;

/**
 * What is looked up when Prometheus asks, and not told as it happens. A figure that is not known, or whose database does
 * not answer, is left out: a 0 would be a lie, and the others must still be read.
 */
export function addGauges({ registry, clock, sources, ...parts }: GaugeParts): void {
  const figures = remember(parts.figures, clock);
  const jobs = remember(parts.jobs, clock);
  const analyst = remember(parts.analyst, clock);

  add(
    'cerberus_events_per_minute',
    'Events stored in the last 60 seconds.',
    figures,
    (f) => f.events_processed_per_minute,
  );
  add('cerberus_action_success_ratio', 'Adaptations of 30 days that took hold.', figures, (f) => f.action_success_rate);
  const falsePositives = 'Adaptations of 30 days that a person took back as a false alarm.';
  add('cerberus_false_positive_ratio', falsePositives, figures, (f) => f.false_positive_rate);
  add('cerberus_session_cache_hit_ratio', 'Sessions found in memory.', figures, (f) => f.cache_hit_ratio);
  add('cerberus_jobs_waiting', 'Jobs of the slow lane that wait or are being done.', jobs, (j) => j.jobsWaiting);
  add('cerberus_jobs_failed', 'Jobs that were given up.', jobs, (j) => j.jobsFailed);
  add('cerberus_llm_requests_hour', 'Questions to the language model this hour.', analyst, (a) => a.requests_this_hour);
  add('cerberus_llm_requests_day', 'Questions to it in 24 hours.', analyst, (a) => a.requests_this_day);
  add('cerberus_llm_tokens_hour', 'Its tokens this hour.', analyst, (a) => a.tokens_this_hour);
  add('cerberus_llm_tokens_day', 'Its tokens in 24 hours.', analyst, (a) => a.tokens_this_day);
  addOfSources('cerberus_source_lag_bytes', 'Bytes of a source that are not stored yet.', ({ lagBytes }) => lagBytes);
  addOfSources('cerberus_source_active', '1 while a source is being read.', ({ active }) => (active ? 1 : 0));

  function add<T>(name: string, help: string, ask: () => Promise<T>, pick: (answer: T) => number | null): void {
    new Gauge({
      ...{ name, help, registers: [registry] },
      async collect() {
        const answer = await ask().catch(() => undefined);
        const value = answer === undefined ? null : pick(answer);
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  }

  /** By kind and sensor: both are given by the operator and not by who is watched. */
  function addOfSources(name: string, help: string, pick: (source: WatchedSource) => number | null): void {
    new Gauge({
      ...{ name, help, registers: [registry], labelNames: ['kind', 'sensor'] },
      collect() {
        this.reset();
        for (const source of sources()) {
          const value = pick(source);
          if (value !== null) this.inc({ kind: source.kind, sensor: source.sensor ?? '' }, value);
        }
      },
    });
  }
}

function remember<T>(ask: () => Promise<T>, clock: Clock): () => Promise<T> {
  let last: { readonly atMs: number; readonly answer: Promise<T> } | undefined;
  return function remembered() {
    const atMs = clock.now().getTime();
    if (last === undefined || atMs - last.atMs >= answerMs) last = { atMs, answer: ask() };
    return last.answer;
  };
}
