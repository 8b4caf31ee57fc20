import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { expect, it } from 'vitest';
import { scorerOf } from '../../anomaly-scorer.ts';
import { createRandom } from '../../learn/random.ts';
import { reputationFeatures, visitRow, visitRowFeatures } from '../../visit/visit-row.ts';
import { createVisitGatherer } from './gather-visits.ts';
import { relearnVisits } from './relearn-visits.ts';

const oddness = () => 0.5;
const visits = Array.from({ length: 700 }, (_, at) => visitOf(at));
const parent = { scoreRow: () => 0.5, version: 'parent' };

it('events of many visits at once become the rows that the visits one by one have, closed or not', () => {
  const gatherer = createVisitGatherer(oddness, createRandom(1));
  const longest = Math.max(...visits.map((events) => events.length));
  for (let step = 0; step < longest; step++)
    for (const [at, events] of visits.entries()) {
      const event = events[step];
      if (event !== undefined) gatherer.add(`v${at}`, at % 5 === 0 ? 'heldBack' : 'trained', event);
    }
  const { trained, heldBack } = gatherer.gathered();
  expect([trained.length, heldBack.length]).toEqual([560, 140]);
  const found = new Map([...trained, ...heldBack].map(({ session, numbers }) => [session, numbers]));
  for (const [at, events] of visits.entries())
    expect(Float32Array.from(found.get(`v${at}`) ?? [])).toEqual(
      visitRow(events, oddness).subarray(0, visitRowFeatures.length),
    );
});

it('knocks are left out, and too few visits leave the forest as it was', () => {
  const gatherer = createVisitGatherer(oddness, createRandom(1));
  gatherer.add('knock', 'trained', anEvent(0, { kind: 'connect' }));
  gatherer.add('knock', 'trained', anEvent(1, { kind: 'closed', durationMs: 1 }));
  expect(relearnVisits(parent, gatherer.gathered(), new Map(), 'v')).toEqual({
    file: null,
    visits: 0,
    withReputation: 0,
    comparisons: [],
  });
});

it('what providers said is a feature where a hundred visits had an answer, and is then looked at', () => {
  const gatherer = createVisitGatherer(oddness, createRandom(1));
  for (const [at, events] of visits.entries())
    for (const event of events) gatherer.add(`v${at}`, at % 5 === 0 ? 'heldBack' : 'trained', event);
  const gathered = gatherer.gathered();
  const answers = (count: number) =>
    new Map(gathered.trained.slice(0, count).map(({ sourceIp }, at) => [sourceIp ?? '', (at % 10) / 10]));
  expect(relearnVisits(parent, gathered, answers(99), 'v').file?.features).toEqual(visitRowFeatures);
  const { file, comparisons } = relearnVisits(parent, gathered, answers(300), 'v');
  if (file === null) throw new Error('a forest');
  expect(file.features).toEqual([...visitRowFeatures, ...reputationFeatures]);
  expect(comparisons).toHaveLength(1);
  const [first = []] = visits;
  const scorer = scorerOf(file);
  const scores = [null, 0, 1].map((reputation) => scorer.scoreRow(visitRow(first, oddness, reputation)));
  expect(new Set(scores).size).toBeGreaterThan(1);
});

function visitOf(at: number): SensorEvent[] {
  const commands = Array.from({ length: 1 + (at % 7) }, (_, step) => ({
    kind: 'command' as const,
    phase: 'typed' as const,
    input: `ls /srv/${(at * step) % 13}`,
  }));
  const details: SensorEvent['detail'][] = [
    { kind: 'connect' },
    { kind: 'login', username: 'root', password: `p${at % 11}`, succeeded: true },
    ...commands,
    ...(at % 3 === 0 ? [] : [{ kind: 'closed' as const, durationMs: null }]),
  ];
  return details.map((detail, step) => ({
    ...anEvent(at * 60_000 + step * (1 + (at % 5)) * 700, detail),
    sourceIp: `192.0.2.${at}`,
  }));
}

function anEvent(epochMs: number, detail: SensorEvent['detail']): SensorEvent {
  return {
    ...{ id: '', eventType: 'test', timestamp: '', epochMs, sensor: 's', sessionId: 'a', protocol: null },
    ...{ sourceIp: '192.0.2.1', sourcePort: null, late: false, detail },
  };
}
