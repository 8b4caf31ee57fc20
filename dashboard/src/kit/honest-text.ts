/**
 * Characters that act on a reader instead of being read: controls, the marks that turn the direction of text, joiners,
 * blanks that look like nothing, tags, variation selectors, lone surrogates, and marks stacked upon one letter until
 * they cover the lines around it. Attackers put them into what they type to show an analyst something else.
 */
const odd =
  /(\p{M}{4,}|\p{Cc}|\u034f|\u17b4|\u17b5|[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164]|[\ufe00-\ufe0f]|[\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e01ef}]|\p{Surrogate})/u;

/** Letters that are drawn as Latin ones are. Within a Latin word they are no language. */
const lookalikes = /([\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}]+)/u;
const words = /(\p{L}+)/u;
const latin = /\p{Script=Latin}/u;

/** All but what a keyboard of ASCII types. */
const beyondAscii = /[^ -~]/;

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
  ['\u200d', 'ZWJ'],
]);

export interface TextPart {
  /** `name` stands for a character that is not shown; `lookalike` is a letter of another alphabet in a Latin word. */
  readonly as: 'text' | 'name' | 'lookalike';
  readonly text: string;
}

/** A text of a stranger, in parts that can be shown. */
export function honestParts(text: string): TextPart[] {
  if (!beyondAscii.test(text)) return [{ as: 'text', text }];
  return text
    .split(odd)
    .flatMap((part, at): TextPart[] => (at % 2 === 0 ? letterParts(part) : [{ as: 'name', text: nameOf(part) }]));
}

/** The same as one text, for where nothing but text can stand (titles, labels): `invoice_‹RLO›gpj.exe`. */
export function honestText(text: string, max = 300): string {
  const said = honestParts(text.slice(0, max)).map((part) => (part.as === 'name' ? `‹${part.text}›` : part.text));
  return said.join('') + (text.length > max ? '…' : '');
}

function letterParts(text: string): TextPart[] {
  if (!lookalikes.test(text) || !latin.test(text)) return text === '' ? [] : [{ as: 'text', text }];
  return text
    .split(words)
    .flatMap((word) =>
      word
        .split(latin.test(word) ? lookalikes : /(?!)/)
        .flatMap((part, at): TextPart[] =>
          part === '' ? [] : [{ as: at % 2 === 0 ? 'text' : 'lookalike', text: part }],
        ),
    );
}

function nameOf(character: string): string {
  if (/^\p{M}{4,}$/u.test(character)) return `${[...character].length} stacked marks`;
  return names.get(character) ?? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
