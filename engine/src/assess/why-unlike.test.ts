import { describe, expect, it } from 'vitest';
import { growForest } from './learn/isolation-forest.ts';
import { createIsolationScore } from './learn/isolation-score.ts';
import { createRandom } from './learn/random.ts';
import { sessionRowFeatures } from './session-row.ts';
import { traits } from './traits.ts';
import { reputationFeatures, visitRowFeatures } from './visit/visit-row.ts';
import { createWhyUnlike } from './why-unlike.ts';

const features = ['commands', 'seconds', 'encodedShare'];
const random = createRandom(3);
/** Every day: 2 to 6 commands in 5 to 30 seconds, hardly anything encoded; now and then an hour. */
const rows = Array.from({ length: 600 }, (_, at) =>
  rowOf(2 + random() * 4, at % 50 === 0 ? 3_600 * random() : 5 + random() * 25, random() * 0.1),
);
const forest = growForest(rows, { trees: 60, sampleSize: 128, seed: 1 });
const isolationScore = createIsolationScore(forest);
const sorted = rows.map(isolationScore).sort((a, b) => a - b);
const rankOf = (score: number) => sorted.filter((one) => one < score).length / sorted.length;
const whyUnlike = createWhyUnlike({ features, forest, isolationScore, rankOf });

describe('why a row is unlike others', () => {
  it('names the feature that makes it so, and nothing of what is as every day', () => {
    const why = whyUnlike(rowOf(4, 7_200, 0.05)) ?? '';
    expect(why).toMatch(/^a length of 2 h \(\d+ % with a length of [\d.]+ s\)/);
    expect(why).not.toContain('commands (');
  });

  it('tells a score that the forest gives indeed', () => {
    const [, percent, seconds] =
      /\((\d+) % with a length of ([\d.]+) s\)/.exec(whyUnlike(rowOf(4, 7_200, 0.05)) ?? '') ?? [];
    const asked = rankOf(isolationScore(rowOf(4, Number(seconds), 0.05)));
    expect(Number(percent)).toBe(Math.round(asked * 100));
    expect(asked).toBeLessThan(rankOf(isolationScore(rowOf(4, 7_200, 0.05))));
  });

  it('says nothing of a row as every day', () => {
    expect(whyUnlike(rowOf(4, 17, 0.05))).toBeNull();
  });

  it('has words for every feature that a forest over visits or sessions looks at', () => {
    const told = [...visitRowFeatures, ...reputationFeatures, ...sessionRowFeatures];
    expect(told.filter((name) => traits[name] === undefined)).toEqual([]);
    for (const name of told) {
      const trait = traits[name];
      for (const said of [0, 1]) expect(trait?.said(trait.row(said))).toBe(said);
      expect(trait?.tell(-1)).toEqual(expect.any(String));
    }
  });
});

function rowOf(commands: number, seconds: number, encoded: number): Float32Array {
  return Float32Array.of(Math.log1p(commands), Math.log1p(seconds), encoded);
}
