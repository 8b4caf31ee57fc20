import type { AdaptationType, Decision, Draw } from '@cerberusmesh/contract/decision';
import type { Policy, PolicyRule } from '@cerberusmesh/contract/policy';

/** How often a kind of adaptation was shown, and touched. */
export interface LureCounts {
  readonly touched: number;
  readonly untouched: number;
}

/**
 * Thompson sampling: each fitting kind draws from what is believed of its share of touches, and the highest draw wins.
 * So the best is chosen most, and one that is hardly known still gets its chance. The same seed and counts give the
 * same draws, which are recorded.
 */
export function drawLures(
  fitting: readonly AdaptationType[],
  counts: ReadonlyMap<AdaptationType, LureCounts>,
  seed: string,
): Draw[] {
  const random = createRandom(seed);
  const draws = fitting.map((adaptation) => {
    const { touched, untouched } = counts.get(adaptation) ?? { touched: 0, untouched: 0 };
    return { adaptation, touched, untouched, draw: drawBeta(1 + touched, 1 + untouched, random) };
  });
  return draws.sort((a, b) => b.draw - a.draw);
}

/** A session's draws under a rule are its own, and the same whenever they are made. */
export function seedOf({ sensor, sessionId }: Pick<Decision, 'sensor' | 'sessionId'>, { id }: PolicyRule): string {
  return `${sensor} ${sessionId} ${id}`;
}

/**
 * Makes a recorded decision's draws again, from its seed and from what was known of each lure then: whether they are
 * the recorded ones. Undefined where nothing was drawn, or where `policy`, which is to be that of the decision, has no such rule.
 */
export function isDrawnAgain(decision: Decision, { rules }: Policy): boolean | undefined {
  const { draws: recorded } = decision;
  const rule = rules.find(({ id }) => id === decision.rule);
  if (recorded.length === 0 || rule === undefined) return undefined;
  const counts = new Map(recorded.map(({ adaptation, ...known }) => [adaptation, known]));
  const again = drawLures(rule.adaptations, counts, seedOf(decision, rule));
  return again.length === recorded.length && again.every((draw, place) => isSameDraw(draw, recorded[place]));
}

/** Logarithm and cosine may differ in their last digit from one processor to another. */
function isSameDraw({ adaptation, draw }: Draw, other: Draw | undefined): boolean {
  return other !== undefined && adaptation === other.adaptation && Math.abs(draw - other.draw) < 1e-9;
}

function drawBeta(alpha: number, beta: number, random: () => number): number {
  const x = drawGamma(alpha, random);
  return x / (x + drawGamma(beta, random));
}

/** Marsaglia and Tsang's method, for shapes from 1. */
function drawGamma(shape: number, random: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

/** SplitMix32 over an FNV-1a hash of the seed: small and the same everywhere; nothing secret depends on it. Never 0. */
function createRandom(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let t = state ^ (state >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    t ^= t >>> 15;
    return ((t >>> 0) + 1) / 4_294_967_297;
  };
}
