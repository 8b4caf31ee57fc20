import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createFigures } from './figures.ts';
import { addGauges, type GaugeParts } from './gauges.ts';
import { createTestClock } from './support/test-clock.ts';

const dashboard = join(import.meta.dirname, '..', '..', '..', 'deploy', 'grafana', 'cerberusmesh.json');

it('gives every figure at /metrics, and lets out what is not known instead of calling it 0', async () => {
  const text = await metricsOf({ successRate: null, falseAlarmRate: 0.25 });
  expect(text).toContain('cerberus_events_per_minute 7\n');
  expect(text).toContain('cerberus_false_positive_ratio 0.25\n');
  expect(text).toContain('cerberus_source_lag_bytes{kind="cowrie log",sensor=""} 30\n');
  expect(text).toContain('cerberus_source_active{kind="sensor",sensor="north-1"} 0\n');
  expect(text).toContain('cerberus_jobs_waiting 3\n');
  expect(text).toContain('cerberus_llm_tokens_hour 900\n');
  expect(text).not.toMatch(/^cerberus_action_success_ratio /m);
  expect(text).not.toMatch(/^cerberus_source_lag_bytes\{kind="sensor"/m);
});

it('answers with the rest while the database does not', async () => {
  const away = () => Promise.reject(new Error('away'));
  const text = await metricsOf({ successRate: 1, falseAlarmRate: 0 }, { jobs: away });
  expect(text).not.toMatch(/^cerberus_jobs_waiting /m);
  expect(text).toContain('cerberus_llm_requests_hour 2\n');
});

it('the Grafana dashboard asks for nothing that /metrics does not have', async () => {
  const text = await metricsOf({ successRate: 1, falseAlarmRate: 0 });
  const known = new Set([...text.matchAll(/^([a-z_][a-z0-9_]*)(?:\{| )/gm)].map(([, name]) => name));
  const { panels } = JSON.parse(readFileSync(dashboard, 'utf8'));
  const asked = panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
    targets.flatMap(({ expr }) => expr.match(/\b(?:cerberus|process|nodejs)_[a-z0-9_]+/g) ?? []),
  );
  expect(asked.length).toBeGreaterThan(15);
  expect(asked.filter((name: string) => !known.has(name))).toEqual([]);
});

async function metricsOf(
  outcomes: { successRate: number | null; falseAlarmRate: number | null },
  more: Partial<GaugeParts> = {},
): Promise<string> {
  const registry = new Registry();
  const clock = createTestClock(new Date('2026-11-22T12:00:00Z'));
  const figures = createFigures({ registry, clock, outcomes: async () => outcomes });
  figures.eventsStored(7, 0);
  figures.sessionLookedUp(3, 1);
  figures.decisionStored(4);
  addGauges({
    ...{ registry, clock, figures: figures.read },
    sources: () => [
      aSource({ kind: 'cowrie log', lagBytes: 10 }),
      aSource({ kind: 'cowrie log', lagBytes: 20 }),
      aSource({ kind: 'sensor', sensor: 'north-1', active: false, lagBytes: null }),
    ],
    jobs: async () => ({ jobsWaiting: 3, jobsFailed: 0 }),
    analyst: async () => ({
      requests_this_hour: 2,
      requests_this_day: 5,
      tokens_this_hour: 900,
      tokens_this_day: 1200,
    }),
    ...more,
  });
  return await registry.metrics();
}

function aSource(more: { kind: string; sensor?: string; active?: boolean; lagBytes: number | null }) {
  return { sourceId: 's', sensor: null, active: true, lastEventAt: null, ...more };
}
