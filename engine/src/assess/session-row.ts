import type { LineJudgement } from './judge-line.ts';

export const sessionRowFeatures = [
  'statements',
  'distinct',
  'severeShare',
  'severest',
  'techniques',
  'meanLength',
  'longest',
  'oddShare',
  'unknownShapes',
];

/** One row per session for the isolation forest: what was typed, without times. */
export function sessionRow(
  texts: readonly string[],
  judgements: readonly LineJudgement[],
  unknownShapes: number,
): Float32Array {
  const count = Math.max(1, texts.length);
  const techniques = new Set(judgements.flatMap((judgement) => judgement.techniques.map(({ id }) => id)));
  const severe = judgements.map(({ severeChance }) => severeChance);
  const lengths = texts.map((text) => text.length);
  return Float32Array.of(
    Math.log1p(texts.length),
    new Set(texts).size / count,
    severe.reduce((a, b) => a + b, 0) / count,
    Math.max(0, ...severe.slice(0, 4096)),
    Math.log1p(techniques.size),
    Math.log1p(lengths.reduce((a, b) => a + b, 0) / count),
    Math.log1p(Math.max(0, ...lengths.slice(0, 4096))),
    texts.filter((text) => /\\x|[^\x20-\x7e]|[A-Za-z0-9+/]{40}/.test(text.slice(0, 512))).length / count,
    unknownShapes,
  );
}
