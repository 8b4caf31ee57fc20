import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { BatchReport } from '../pipeline.ts';

/** The counts of this process: for Prometheus, and as the first seed's real-time figures. */
export function createFigures(nowMs: () => number) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'cerberus_' });
  const registers = [registry];
  const stored = new Counter({
    name: 'cerberus_events_stored_total',
    help: 'Events stored by this process',
    registers,
  });
  const duplicate = new Counter({
    name: 'cerberus_lines_duplicate_total',
    help: 'Lines whose event was stored before',
    registers,
  });
  const parked = new Counter({ name: 'cerberus_lines_parked_total', help: 'Lines that could not be read', registers });
  const batches = new Histogram({
    name: 'cerberus_batch_seconds',
    help: 'From lines to durable events',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  const decisions = new Counter({
    name: 'cerberus_decisions_total',
    help: 'Decisions made',
    labelNames: ['decision'],
    registers,
  });
  const unread = new Gauge({
    name: 'cerberus_source_unread_bytes',
    help: 'Bytes of the log that are not stored yet',
    registers,
  });
  const clients = new Gauge({ name: 'cerberus_live_clients', help: 'Open live connections', registers });
  const failures = new Counter({
    name: 'cerberus_assess_failures_total',
    help: 'Events that assess threw at',
    registers,
  });
  const perSecond = createMinute(nowMs);
  const latencies: number[] = [];
  let [events, lines, live] = [0, 0, 0];

  return {
    registry,
    batchStored(report: BatchReport, seconds: number): void {
      stored.inc(report.stored);
      duplicate.inc(report.duplicate);
      parked.inc(report.parked);
      batches.observe(seconds);
      perSecond.add(report.stored);
      events += report.stored;
      lines += report.parked;
    },
    decided(decision: string, latencyMs: number): void {
      decisions.inc({ decision });
      if (latencies.push(latencyMs) > 1000) latencies.shift();
    },
    assessFailed: () => failures.inc(),
    setUnreadBytes: (bytes: number) => unread.set(bytes),
    setLiveClients(count: number): void {
      live = count;
      clients.set(count);
    },
    read: () => ({
      eventsPerMinute: perSecond.sum(),
      eventsTotal: events,
      linesParkedTotal: lines,
      liveClients: live,
      decisionLatencyMs: latencies.length === 0 ? null : percentiles(latencies),
    }),
  };
}

export type Figures = ReturnType<typeof createFigures>;

/** A sum over the last 60 seconds, in 60 numbers. */
function createMinute(nowMs: () => number) {
  const counts = new Array<number>(60).fill(0);
  let latest = Math.floor(nowMs() / 1000);

  function turn(): number {
    const second = Math.floor(nowMs() / 1000);
    for (let passed = latest + 1; passed <= Math.min(second, latest + 60); passed++) counts[passed % 60] = 0;
    latest = Math.max(latest, second);
    return latest % 60;
  }
  return {
    add(count: number): void {
      const slot = turn();
      counts[slot] = (counts[slot] ?? 0) + count;
    },
    sum(): number {
      turn();
      return counts.reduce((total, count) => total + count, 0);
    },
  };
}

function percentiles(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
