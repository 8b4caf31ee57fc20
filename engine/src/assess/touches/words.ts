import { quickHashStart, quickHashStep } from '@cerberusmesh/contract/touch';

const shortest = 5;

/** What ends a word in commands, URLs, assignments and configuration; none of these is in a secret of ours. */
const isEnd = new Uint8Array(128);
for (let unit = 0; unit <= 32; unit++) isEnd[unit] = 1;
for (const sign of `"'\`=:,;|&<>()[]{}@\\`) isEnd[sign.charCodeAt(0)] = 1;

const slash = '/'.charCodeAt(0);
const dash = '-'.charCodeAt(0);
const optionP = 'p'.charCodeAt(0);

/**
 * Calls with the hash of every word that could be a secret, and with its place, without making a string: words between
 * separators, their parts between slashes (`//host/path`), and what follows `-p` at once (`mysql -pSECRET`).
 */
export function forEachWord(
  text: string,
  charactersMax: number,
  onWord: (quickHash: number, start: number, end: number) => void,
): void {
  const length = Math.min(text.length, charactersMax);
  let start = 0;
  let partStart = 0;
  let word = quickHashStart;
  let part = quickHashStart;
  let option = quickHashStart;
  for (let at = 0; at <= length; at++) {
    const unit = at < length ? text.charCodeAt(at) : 32;
    const ends = unit < 128 && isEnd[unit] === 1;
    if (ends || unit === slash) {
      if (partStart !== start && at - partStart >= shortest) onWord(part >>> 0, partStart, at);
      else if (unit === slash && at - start >= shortest) onWord(word >>> 0, start, at);
    }
    if (ends) {
      if (at - start >= shortest) {
        onWord(word >>> 0, start, at);
        const isOption = text.charCodeAt(start) === dash && text.charCodeAt(start + 1) === optionP;
        if (isOption && at - start - 2 >= shortest) onWord(option >>> 0, start + 2, at);
      }
      start = partStart = at + 1;
      word = part = option = quickHashStart;
      continue;
    }
    word = quickHashStep(word, unit);
    if (at - start >= 2) option = quickHashStep(option, unit);
    if (unit === slash) {
      partStart = at + 1;
      part = quickHashStart;
    } else part = quickHashStep(part, unit);
  }
}
