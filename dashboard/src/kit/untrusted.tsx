import { Fragment } from 'react';
import { honestParts } from './honest-text.ts';

/** As much of one text as the page ever shows; the API has the rest. */
export const shownMax = 2000;
/** Boxes and all: a text of nothing but odd characters, in every field of an event, took seconds to draw. */
const partsMax = 300;

/** A text of a stranger: shown as text, every odd character as a small box with its name, letters that pretend underlined. */
export function Untrusted({ text, mono = false, max = shownMax }: { text: string; mono?: boolean; max?: number }) {
  const parts = honestParts(text.slice(0, max));
  return (
    // <bdi>: right-to-left letters in it turn nothing outside of it.
    <bdi className={`break-anywhere ${mono ? 'font-mono text-[0.85em]' : ''}`}>
      {parts.slice(0, partsMax).map((part, at) =>
        part.as === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move.
          <Fragment key={at}>{part.text}</Fragment>
        ) : part.as === 'name' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <Odd key={at}>{part.text}</Odd>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <Lookalike key={at}>{part.text}</Lookalike>
        ),
      )}
      {(text.length > max || parts.length > partsMax) && <Odd>… {text.length.toLocaleString()} characters</Odd>}
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

function Lookalike({ children }: { children: string }) {
  const codes = [...children].map(
    (letter) => `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return (
    <span
      className="underline decoration-wavy decoration-medium"
      title={`Looks like Latin and is not: ${codes.slice(0, 20).join(' ')}`}
    >
      {children}
    </span>
  );
}
