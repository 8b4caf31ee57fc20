import type { EffectRow } from '@cerberusmesh/contract/effect';
import { describe, expect, it } from 'vitest';
import { tellEffect, wilson } from './effect.ts';

describe('the effect of an adaptation', () => {
  it('is not told from fewer sessions than are needed on each side', () => {
    const rows = [rowOf('shown', manyOf(29, 600)), rowOf('control', manyOf(1000, 60))];
    expect(tellEffect(rows, new Map()).kinds[0]?.dwell_seconds).toMatchObject({ says: 'not enough data', ratio: null });
    expect(tellEffect([rowOf('shown', manyOf(1000, 60))], new Map()).kinds[0]?.commands.says).toBe('not enough data');
  });

  it('is a ratio with its interval: ten times as long is seen, and the same is no difference', () => {
    const rows = [rowOf('shown', manyOf(100, 600)), rowOf('control', manyOf(100, 60))];
    const [kind] = tellEffect(rows, new Map()).kinds;
    expect(kind?.dwell_seconds.says).toBe('more');
    expect(kind?.dwell_seconds.ratio).toBeGreaterThan(8);
    expect(kind?.dwell_seconds.ratio).toBeLessThan(12);
    expect(kind?.dwell_seconds.ratio_95?.low).toBeLessThan(kind?.dwell_seconds.ratio ?? 0);
    expect(kind?.commands).toMatchObject({ says: 'no difference seen', ratio: 1 });
  });

  it('covers the truth in about 95 of 100 trials', () => {
    let seed = 1;
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return (seed + 1) / 4_294_967_297;
    };
    const logNormal = () => Math.exp(4 + Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())) - 1;
    const draw = (factor: number) => Array.from({ length: 60 }, () => (logNormal() + 1) * factor - 1);
    let covered = 0;
    for (let trial = 0; trial < 400; trial++) {
      const rows = [rowOf('shown', draw(1.5)), rowOf('control', draw(1))];
      const interval = tellEffect(rows, new Map()).kinds[0]?.dwell_seconds.ratio_95;
      if (interval && interval.low <= 1.5 && interval.high >= 1.5) covered++;
    }
    expect(covered / 400).toBeGreaterThan(0.92);
    expect(covered / 400).toBeLessThan(0.98);
  });

  it.each([
    { hits: 0, count: 10, low: 0, high: 0.278 },
    { hits: 5, count: 10, low: 0.237, high: 0.763 },
    { hits: 10, count: 10, low: 0.722, high: 1 },
  ])('gives $hits of $count its known Wilson interval', ({ hits, count, low, high }) => {
    expect(wilson(hits, count).low).toBeCloseTo(low, 3);
    expect(wilson(hits, count).high).toBeCloseTo(high, 3);
  });
});

/** Around a value, so that there is a variance. */
function manyOf(count: number, seconds: number): number[] {
  return Array.from({ length: count }, (_, i) => seconds * (0.5 + (i % 11) / 10));
}

/** One command each. */
function rowOf(exposure: EffectRow['exposure'], dwell: readonly number[]): EffectRow {
  const sum = (pick: (seconds: number) => number) => dwell.reduce((total, seconds) => total + pick(seconds), 0);
  return {
    kind: exposure === 'shown' ? 'SSH_KEYS' : '',
    exposure,
    sessions: dwell.length,
    touchedSessions: 0,
    dwellSeconds: sum((seconds) => seconds),
    dwellLogSum: sum((seconds) => Math.log1p(seconds)),
    dwellLogSquares: sum((seconds) => Math.log1p(seconds) ** 2),
    commands: dwell.length,
    commandsLogSum: dwell.length * Math.LN2,
    commandsLogSquares: dwell.length * Math.LN2 ** 2,
  };
}
