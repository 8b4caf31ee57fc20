import type { RecentAnswers } from '../kit/recent-answers.ts';

const keptCharactersMax = 4_096;

/** The kept answer for `text`, or a fresh one. Longer texts are answered but not kept, so that a cache stays small whatever is typed. */
export function remembered<V>(cache: RecentAnswers<V>, text: string, make: () => V): V {
  if (text.length > keptCharactersMax) return make();
  const known = cache.get(text);
  if (known !== undefined) return known;
  const fresh = make();
  cache.set(text, fresh);
  return fresh;
}
