import type { ArtifactSighting } from '@cerberusmesh/contract/artifact';
import { expect, it, vi } from 'vitest';
import type { Unkept } from '../../store/artifacts.ts';
import { createSensorArtifacts } from './sensor-artifacts.ts';

const start = Date.UTC(2026, 10, 22);
const day = 86_400_000;

it('one sensor that does not answer holds up no other', async () => {
  const { artifacts, kept } = aBench({
    bring: (sensor) => (sensor === 'mute' ? new Promise(() => undefined) : done(10)),
  });
  expect(artifacts.take('mute', aSighting('a'))).toEqual([]);
  expect(artifacts.take('well', aSighting('b'))).toEqual([]);
  await vi.waitUntil(() => kept.length === 1, 20_000);
  expect(kept).toEqual(['well b']);
});

it('takes fifty of a sensor at once, each once, and says of others when they may come again', () => {
  const { artifacts } = aBench({ bring: () => new Promise(() => undefined) });
  for (let n = 0; n < 50; n++) expect(artifacts.take('mute', aSighting(`${n}`))).toEqual([]);
  expect(artifacts.take('mute', aSighting('7'))).toEqual([]);
  expect(artifacts.take('mute', aSighting('50'))).toMatchObject([{ eventId: '50', state: null, waitSeconds: 60 }]);
});

it('a sensor brings no more in a day than it may, and the day after again', async () => {
  let nowMs = start;
  const { artifacts, kept } = aBench({ bring: () => done(600), now: () => new Date(nowMs) });
  for (const id of ['a', 'b']) {
    expect(artifacts.take('rich', aSighting(id))).toEqual([]);
    await vi.waitUntil(() => kept.includes(`rich ${id}`), 20_000);
  }
  expect(artifacts.take('rich', aSighting('c'))).toMatchObject([{ state: null, waitSeconds: 3600 }]);
  expect(artifacts.take('poor', aSighting('d'))).toEqual([]);
  nowMs += day;
  expect(artifacts.take('rich', aSighting('c'))).toEqual([]);
});

it('asks again while a sensor is away, and gives up after seven days', async () => {
  let nowMs = start;
  const { artifacts, settled } = aBench({
    bring: () => Promise.reject(new Error('it is away')),
    now: () => new Date(nowMs),
  });
  artifacts.take('gone', aSighting('a'));
  await vi.waitUntil(() => settled.length === 1, 20_000);
  nowMs += 8 * day;
  artifacts.take('gone', aSighting('a'));
  await vi.waitUntil(() => settled.length === 2, 20_000);
  expect(settled).toMatchObject([
    { why: 'it is away', state: null, waitSeconds: 60 },
    { why: 'it is away', state: 'missing', waitSeconds: null },
  ]);
});

function aBench(parts: {
  readonly bring: (sensor: string) => Promise<{ bytes: number; unkept: readonly Unkept[] }>;
  readonly now?: () => Date;
}) {
  const kept: string[] = [];
  const settled: Unkept[] = [];
  const artifacts = createSensorArtifacts({
    dayBytesMax: 1000,
    now: parts.now ?? (() => new Date(start)),
    async bring(sensor, { eventId }) {
      const brought = await parts.bring(sensor);
      kept.push(`${sensor} ${eventId}`);
      return brought;
    },
    settle: async (unkept) => void settled.push(...unkept),
    onFailure: (error) => {
      throw error;
    },
  });
  return { artifacts, kept, settled };
}

async function done(bytes: number): Promise<{ bytes: number; unkept: readonly Unkept[] }> {
  return { bytes, unkept: [] };
}

function aSighting(eventId: string): ArtifactSighting {
  const named = { kind: 'download', namedSha256: '0'.repeat(64), path: '', logPath: 'sensor x' } as const;
  return { ...named, eventId, seenAt: new Date(start), attempts: 1 };
}
