// @ts-check
import { element } from './dom.js';

/** As much of one text as the page ever shows; the API has the rest. */
export const shownMax = 2000;

/**
 * Characters that act on a reader instead of being read: controls, the marks that turn the direction of text, joiners
 * and other invisible ones, lone surrogates. Attackers put them into what they type to show an analyst something else.
 */
const odd =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

const names = new Map([
  ['\n', '⏎'],
  ['\t', '⇥'],
  ['\r', '␍'],
  ['\u001b', 'ESC'],
  ['\u202e', 'RLO'],
  ['\u202d', 'LRO'],
  ['\u202b', 'RLE'],
  ['\u202a', 'LRE'],
  ['\u202c', 'PDF'],
  ['\u2066', 'LRI'],
  ['\u2067', 'RLI'],
  ['\u2068', 'FSI'],
  ['\u2069', 'PDI'],
  ['\u200b', 'ZWSP'],
]);

/**
 * A text of a stranger, to be shown: only text nodes, every odd character as a small box with its name.
 * @param {string} text
 * @param {string} [className]
 * @returns {HTMLElement}
 */
export function visible(text, className = '') {
  const shown = text.slice(0, shownMax);
  // <bdi>: right-to-left letters in it turn nothing outside of it.
  const box = element('bdi', { class: className });
  let from = 0;
  for (const match of shown.matchAll(odd)) {
    box.append(shown.slice(from, match.index), element('span', { class: 'odd' }, nameOf(match[0])));
    from = match.index + match[0].length;
  }
  box.append(shown.slice(from));
  if (text.length > shown.length) box.append(element('span', { class: 'odd' }, `… ${text.length} characters`));
  return box;
}

/** @param {string} character */
function nameOf(character) {
  return names.get(character) ?? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
