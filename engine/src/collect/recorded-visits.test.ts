import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../kit/clock.ts';
import { createNormalize } from '../normalize/normalize.ts';
import { createRecordedVisits, recordedSensor } from './recorded-visits.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'recordings');

describe('recorded visits', () => {
  it('come as events of now, in order, marked by their sensor, with sessions of their own in each round', async () => {
    const clock = createJumpingClock();
    const stopping = new AbortController();
    const normalize = createNormalize();
    const rounds: Set<string>[] = [new Set(), new Set()];
    let lines = 0;
    let latestMs = 0;
    for await (const batch of createRecordedVisits({ folder, sourceId: 'demo', clock, signal: stopping.signal })) {
      const event = normalize(batch.lines[0] ?? { text: '', coveredBytes: 0 }).line?.event;
      expect(event).toMatchObject({ sensor: recordedSensor });
      expect(Math.abs((event?.epochMs ?? 0) - clock.now().getTime())).toBeLessThan(1000);
      expect(event?.epochMs).toBeGreaterThanOrEqual(latestMs);
      latestMs = event?.epochMs ?? 0;
      rounds[clock.rounds()]?.add(event?.sessionId ?? '');
      if (++lines > 200 && clock.rounds() === 1) stopping.abort();
    }
    expect(rounds[0]?.size).toBeGreaterThan(5);
    expect([...(rounds[1] ?? [])].filter((session) => rounds[0]?.has(session))).toEqual([]);
  });
});

/** Sleeps by moving its hands; a long sleep is the end of a round. */
function createJumpingClock(): Clock & { rounds(): number } {
  let nowMs = Date.UTC(2026, 10, 22);
  let rounds = 0;
  return {
    now: () => new Date(nowMs),
    rounds: () => rounds,
    async sleep(ms) {
      if (ms >= 60_000) rounds++;
      nowMs += Math.max(0, ms);
    },
  };
}
