import { Fragment } from 'react';

/** As much of one text as the page ever shows; the API has the rest. */
export const shownMax = 2000;

/**
 * Characters that act on a reader instead of being read: controls, the marks that turn the direction of text, joiners
 * and other invisible ones, lone surrogates. Attackers put them into what they type to show an analyst something else.
 */
const odd =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for.
  /([\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate})/u;

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

/** A text of a stranger: shown as text, every odd character as a small box with its name. */
export function Untrusted({ text, mono = false, max = shownMax }: { text: string; mono?: boolean; max?: number }) {
  const shown = text.slice(0, max);
  return (
    // <bdi>: right-to-left letters in it turn nothing outside of it.
    <bdi className={`break-anywhere ${mono ? 'font-mono text-[0.85em]' : ''}`}>
      {shown.split(odd).map((part, at) =>
        at % 2 === 0 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move.
          <Fragment key={at}>{part}</Fragment>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <Odd key={at}>{nameOf(part)}</Odd>
        ),
      )}
      {text.length > shown.length && <Odd>… {text.length.toLocaleString()} characters</Odd>}
    </bdi>
  );
}

function Odd({ children }: { children: React.ReactNode }) {
  return (
    <span className="mx-px rounded-sm border border-line bg-sunken px-0.5 font-mono text-[0.7em] text-soft">
      {children}
    </span>
  );
}

function nameOf(character: string): string {
  return names.get(character) ?? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
