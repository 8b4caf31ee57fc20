import { mayHide, readingsOf } from './readings-of.ts';
import { attemptWeight, type Sign, signs } from './signs.ts';

export interface InjectionFinding {
  /** 0 to 1. */
  readonly confidence: number;
  /** Which groups of signs were seen, for people. */
  readonly why: string;
}

/** Nothing shorter persuades anybody. */
export const lengthMin = 16;
const headCharacters = 6_000;
const tailCharacters = 2_000;
const searchedMax = 128_000;

/** Stems that a text must hold before the signs are looked for; nearly all that attackers type holds none. */
const worthALook =
  /ignor|disregard|forget|overr|bypass|discard|instru|talimat|recommend|prompt|you are|pretend|mode|jailbr|system|assistant|developer|\bai\b|llm|gpt|claude|model|threat|severity|benign|harmless|classif|anweis|consigne|istruz|polece|role"|tool|end of|im_start|\[inst|end-|data-|mark |report|do anything/i;

/** Letters of the languages that the signs know beyond Latin ones. */
const speaksOtherwise = /[\u0400-\u04ff\u0600-\u06ff\u0900-\u097f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/**
 * Whether a text speaks to a language model, by hand-written rules (signs.ts); undefined where it does not. A megabyte is
 * looked at in its first and last part, and around the first stem between them.
 */
export function detectInjection(text: string): InjectionFinding | undefined {
  if (text.length < lengthMin) return undefined;
  const bounded = bound(text);
  const hides = mayHide(bounded);
  if (!hides && !worthALook.test(bounded)) return undefined;
  const found = new Map<Sign['group'], number>();
  for (const reading of hides ? readingsOf(bounded) : [bounded]) {
    if (!worthALook.test(reading) && !speaksOtherwise.test(reading)) continue;
    for (const { group, weight, pattern } of signs) if (pattern.test(reading)) found.set(group, weight);
  }
  const weight = [...found.values()].reduce((sum, each) => sum + each, 0);
  if (weight < attemptWeight) return undefined;
  return { confidence: Math.min(0.95, 0.55 + weight / 5), why: [...found.keys()].join(', ') };
}

function bound(text: string): string {
  if (text.length <= headCharacters + tailCharacters) return text;
  const middle = text.slice(headCharacters, Math.min(text.length - tailCharacters, searchedMax));
  const at = middle.search(worthALook);
  const around = at < 0 ? '' : middle.slice(Math.max(0, at - tailCharacters / 2), at + tailCharacters / 2);
  return `${text.slice(0, headCharacters)}\n${around}\n${text.slice(-tailCharacters)}`;
}
