import type { RealtimeFigures } from '@cerberusmesh/contract/api-health';
import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client';
import type { Clock } from '../kit/clock.ts';

const minuteSeconds = 60;
const latenciesKept = 1000;
const outcomesDays = 30;
const loopSampleMs = 500;
/** Gauges that prom-client names as counters, which Prometheus's linter refuses; `sum(nodejs_active_handles)` says the same. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** What the other stages tell, so that it can be measured; no address and no text of an attacker becomes a label. */
export interface Figures {
  eventsStored(events: number, duplicates: number): void;
  linesParked(lines: number): void;
  decisionStored(latencyMs: number): void;
  sessionLookedUp(hits: number, misses: number): void;
  liveClients(count: number): void;
  read(): Promise<RealtimeFigures>;
}

export interface FigureParts {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly outcomes: (
    since: Date,
  ) => Promise<{ readonly successRate: number | null; readonly falseAlarmRate: number | null }>;
}

/** The seed's real-time figures, and the same things for Prometheus. */
export function createFigures({ registry, clock, outcomes }: FigureParts): Figures {
  const registers = [registry];
  // Every 10 ms by itself, and so a third of what a quiet engine does; its lags are told with this time in them.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopSampleMs });
  for (const name of misnamed) registry.removeSingleMetric(name);
  const stored = new Counter({ name: 'cerberus_events_stored_total', help: 'Events made durable.', registers });
  const duplicate = new Counter({ name: 'cerberus_events_duplicate_total', help: 'Events read again.', registers });
  const parked = new Counter({ name: 'cerberus_lines_parked_total', help: 'Lines that could not be read.', registers });
  const latency = new Histogram({
    name: 'cerberus_decision_latency_seconds',
    help: 'From a decision being made to its being stored, with the batch that brought it about.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers,
  });
  const lookups = new Counter({
    name: 'cerberus_session_lookups_total',
    help: 'Sessions looked for in memory.',
    labelNames: ['found'],
    registers,
  });
  const clients = new Gauge({ name: 'cerberus_live_clients', help: 'Open live connections.', registers });
  const seconds = createSecondCounter(clock);
  const latencies: number[] = [];
  const totals = { stored: 0, parked: 0, hits: 0, misses: 0, clients: 0 };

  return {
    eventsStored(events, duplicates) {
      stored.inc(events);
      duplicate.inc(duplicates);
      totals.stored += events;
      seconds.add(events);
    },
    linesParked(lines) {
      parked.inc(lines);
      totals.parked += lines;
    },
    decisionStored(latencyMs) {
      latency.observe(latencyMs / 1000);
      latencies.push(latencyMs);
      if (latencies.length > latenciesKept) latencies.shift();
    },
    sessionLookedUp(hits, misses) {
      lookups.inc({ found: 'yes' }, hits);
      lookups.inc({ found: 'no' }, misses);
      totals.hits += hits;
      totals.misses += misses;
    },
    liveClients(count) {
      clients.set(count);
      totals.clients = count;
    },
    async read() {
      const { successRate, falseAlarmRate } = await outcomes(daysBefore(clock.now(), outcomesDays));
      const lookupsTotal = totals.hits + totals.misses;
      return {
        events_processed_per_minute: seconds.sum(),
        decision_latency_ms: percentiles(latencies),
        action_success_rate: successRate,
        false_positive_rate: falseAlarmRate,
        cache_hit_ratio: lookupsTotal === 0 ? null : totals.hits / lookupsTotal,
        events_total: totals.stored,
        lines_parked_total: totals.parked,
        live_clients: totals.clients,
      };
    },
  };
}

/** A ring of sixty seconds: what is older than a minute is overwritten, so a busy hour takes no more room than a quiet one. */
function createSecondCounter(clock: Clock) {
  const counts = Array.from({ length: minuteSeconds }, () => ({ second: -1, events: 0 }));
  const nowSecond = () => Math.floor(clock.now().getTime() / 1000);
  return {
    add(events: number): void {
      const second = nowSecond();
      const index = second % minuteSeconds;
      const slot = counts[index];
      counts[index] = { second, events: events + (slot?.second === second ? slot.events : 0) };
    },
    sum(): number {
      const oldest = nowSecond() - minuteSeconds;
      return counts.reduce((total, { second, events }) => total + (second > oldest ? events : 0), 0);
    },
  };
}

function percentiles(latencies: readonly number[]): RealtimeFigures['decision_latency_ms'] {
  if (latencies.length === 0) return null;
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}
