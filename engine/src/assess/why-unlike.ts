import type { IsolationForest } from './learn/isolation-forest.ts';
import { type Trait, traits } from './traits.ts';

/** From here on a row is unlike enough that somebody asks why: every fifth row of training was. */
const unlikeFrom = 0.8;
/** Of a feature, values that the forest looks for; more found the same, at more cost. */
const valuesTried = 7;
/** Of an isolation score; a smaller fall says nothing. */
const fallMin = 0.008;
const traitsMax = 3;

/** A feature of a row, with the value in whose place the row would be most as every day. */
interface Fall {
  readonly trait: Trait;
  readonly value: number;
  readonly instead: number;
  readonly fall: number;
  readonly rank: number;
}

/**
 * Tells which features make a row unlike others, by asking the forest about the row with another value in the place of
 * each: so what is said is true of the model itself, and names a score that anybody can ask for again.
 */
export function createWhyUnlike(parts: {
  readonly features: readonly string[];
  readonly forest: IsolationForest;
  readonly isolationScore: (row: Float32Array) => number;
  readonly rankOf: (score: number) => number;
}): (row: Float32Array) => string | null {
  const { features, forest, isolationScore, rankOf } = parts;
  let known: readonly (readonly number[])[] | undefined;

  return function whyUnlike(row) {
    const score = isolationScore(row);
    if (rankOf(score) < unlikeFrom) return null;
    known ??= usualValues(features, forest);
    const falls = features.flatMap((name, feature) => fallOf(row, score, feature, traits[name]) ?? []);
    const most = falls.sort((a, b) => b.fall - a.fall).slice(0, traitsMax);
    return most.length === 0 ? 'nothing alone, but all that came together' : most.map(inWords).join('; ');
  };

  function fallOf(row: Float32Array, score: number, feature: number, trait: Trait | undefined): Fall | undefined {
    if (trait === undefined) return undefined;
    const value = trait.said(row[feature] ?? 0);
    const changed = Float32Array.from(row);
    let [lowest, instead] = [score, value];
    for (const tried of known?.[feature] ?? []) {
      changed[feature] = trait.row(tried);
      const now = isolationScore(changed);
      if (tried !== value && now < lowest) [lowest, instead] = [now, tried];
    }
    const fall = score - lowest;
    return fall < fallMin ? undefined : { trait, value, instead, fall, rank: rankOf(lowest) };
  }
}

/** By feature: values spread over the places where the forest cuts it, which are densest where training rows were. */
function usualValues(features: readonly string[], { feature, threshold }: IsolationForest): number[][] {
  return features.map((name, column) => {
    const trait = traits[name];
    if (trait === undefined) return [];
    const cuts = [...threshold].filter((_, node) => feature[node] === column).sort((a, b) => a - b);
    const spread = Array.from(
      { length: valuesTried },
      (_, at) => cuts[Math.floor(((at + 0.5) / valuesTried) * cuts.length)],
    );
    return [...new Set(spread.flatMap((cut) => (cut === undefined || cut < 0 ? [] : trait.said(cut))))];
  });
}

function inWords({ trait, value, instead, rank }: Fall): string {
  return `${trait.tell(value)} (${Math.round(rank * 100)} % with ${trait.tell(instead)})`;
}
