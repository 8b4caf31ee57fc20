import { hashText } from '../known-shapes.ts';
import { areaUnderCurve } from '../learn/metrics.ts';
import { countSequences, oncePerScript, sequenceModelOf } from '../sequence-model.ts';
import { foldOf } from './folds.ts';

export interface SequenceFigures {
  /** Different scripts learned from, of known families and held back, of families held back whole. */
  readonly learned: number;
  readonly variants: number;
  readonly novel: number;
  readonly humans: number;
  readonly families: number;
  /** The chance that the first is called newer than the second. */
  readonly novelAboveKnown: number;
  readonly novelAboveVariants: number;
  readonly humanAboveKnown: number;
  readonly humanAboveVariants: number;
}

const folds = 5;
/** Scripts that share this part of their shapes, of all that either has, are of one family. */
const familyShare = 0.5;

/**
 * How well novelty tells what is new: a fifth of the families is held back whole, and a fifth of the scripts of the
 * others; each script counts once. `known` are scripts that were learned.
 */
export function measureSequence(
  bots: readonly (readonly string[])[],
  humans: readonly (readonly string[])[],
): SequenceFigures {
  const scripts = oncePerScript(bots);
  const families = familiesOf(scripts);
  const [novel, variants, known]: [string[][], string[][], string[][]] = [[], [], []];
  for (const [at, script] of scripts.entries()) {
    if (foldOf(`family ${families[at]}`, folds) === 0) novel.push(script);
    else (foldOf(script.join('\n'), folds) === 0 ? variants : known).push(script);
  }
  const model = sequenceModelOf(countSequences(known, 'measured'));
  const noveltyOf = (sessions: readonly (readonly string[])[]) => sessions.map((shapes) => model.tell(shapes).novelty);
  const [ofNovel, ofVariants, ofKnown, ofHumans] = [novel, variants, known, humans].map(noveltyOf);
  return {
    learned: known.length,
    variants: variants.length,
    novel: novel.length,
    humans: humans.length,
    families: new Set(families).size,
    novelAboveKnown: areaUnderCurve(ofNovel ?? [], ofKnown ?? []),
    novelAboveVariants: areaUnderCurve(ofNovel ?? [], ofVariants ?? []),
    humanAboveKnown: areaUnderCurve(ofHumans ?? [], ofKnown ?? []),
    humanAboveVariants: areaUnderCurve(ofHumans ?? [], ofVariants ?? []),
  };
}

/** The family of each script: that of the first script before it that is alike enough, else a new one. */
function familiesOf(scripts: readonly (readonly string[])[]): number[] {
  const sizes: number[] = [];
  const familiesWith = new Map<number, number[]>();
  return scripts.map((script) => {
    const shapes = new Set(script.map(hashText));
    const shared = new Map<number, number>();
    for (const shape of shapes)
      for (const family of familiesWith.get(shape) ?? []) shared.set(family, (shared.get(family) ?? 0) + 1);
    const alike = [...shared]
      .map(([family, count]) => ({ family, share: count / ((sizes[family] ?? 0) + shapes.size - count) }))
      .reduce((a, b) => (b.share > a.share ? b : a), { family: -1, share: 0 });
    if (alike.share >= familyShare) return alike.family;
    sizes.push(shapes.size);
    for (const shape of shapes) familiesWith.set(shape, [...(familiesWith.get(shape) ?? []), sizes.length - 1]);
    return sizes.length - 1;
  });
}
