const decodedMax = 6;
const depthMax = 2;

/**
 * The ways in which a text may be read: with what it spells in escapes, without what is invisible, with look-alike digits
 * as letters, and what runs of base64 and hex in it hold. Bounded in number and depth.
 */
export function readingsOf(text: string, depth = 0): string[] {
  const visible = onlyVisible(unescaped(text));
  const readings = new Set([visible, unspaced(visible), fromLeet(visible)]);
  if (depth >= depthMax) return [...readings];
  const decoded = decodedRuns(visible).slice(0, decodedMax);
  return [...readings, ...decoded.flatMap((inner) => readingsOf(inner, depth + 1))];
}

/** True where `readingsOf` may give more than the text itself. */
export function mayHide(text: string): boolean {
  return hiding.test(text);
}

const hiding = new RegExp(
  [
    '[^\\x00-\\x7f]',
    '[A-Za-z0-9+/]{24}',
    '(?:\\\\x[0-9a-f]{2}|\\\\u[0-9a-f]{4}|%[0-9a-f]{2}){4}',
    '\\b\\w[\\s._-]\\w[\\s._-]\\w[\\s._-]\\w\\b',
    // Leet: two words at least with a digit between letters.
    '[a-z][013457@$]+[a-z][^]{0,40}?\\b[a-z]*[013457@$]+[a-z]',
  ].join('|'),
  'i',
);

/**
 * Bytes that spell no text become a blank. Most of what goes through tunnels greets by TLS: 1,500 characters of escapes, in
 * which every further reading would look for words.
 */
function unescaped(text: string): string {
  if (!/\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|%[0-9a-f]{2}/i.test(text)) return text;
  return spelledBytes(text)
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(noText, ' ');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const noText = /[\x00-\x08\x0e-\x1f\x7f\ufffd]+/g;
const [percent, backslash, letterX] = [0x25, 0x5c, 0x78];

/** `\x41` and `%41` as the bytes that they mean, in place: one call for each would take ten times as long. */
function spelledBytes(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  let length = 0;
  let at = 0;
  while (at < bytes.length) {
    const mark = bytes[at] === percent ? 1 : bytes[at] === backslash && bytes[at + 1] === letterX ? 2 : 0;
    const spelled = mark === 0 ? -1 : 16 * hexDigit(bytes[at + mark]) + hexDigit(bytes[at + mark + 1]);
    bytes[length++] = spelled >= 0 ? spelled : (bytes[at] ?? 0);
    at += spelled >= 0 ? mark + 2 : 1;
  }
  return bytes.toString('utf8', 0, length);
}

/** Far below zero for what is none, so that a sum with it stays there. */
function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const small = code | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x57 : -1000;
}

function onlyVisible(text: string): string {
  return beyondAscii.test(text) ? text.normalize('NFKC').replace(tags, fromTags).replace(invisible, '') : text;
}

const beyondAscii = /[^\p{ASCII}]/u;
const invisible = /\u00ad|\u034f|\u061c|\u180e|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|[\ufe00-\ufe0f]|\ufeff/g;
/** Characters that look like nothing and spell ASCII. */
const tags = /[\u{e0020}-\u{e007e}]/gu;

function fromTags(tag: string): string {
  return String.fromCodePoint((tag.codePointAt(0) ?? 0xe0020) - 0xe0000);
}

/** `i g n o r e` and `i.g.n.o.r.e`; two separators or more are taken for a blank. */
function unspaced(text: string): string {
  return text
    .replace(/(?<!\S)(?:\S[ ._-]){3,}\S(?!\S)/g, (run) => run.replace(/(\S)[ ._-](?=\S)/g, '$1'))
    .replace(/[\s._-]{2,}/g, ' ');
}

/** Letter by letter, because replacing one character by another needs no call for each: a fifth of the time. */
function fromLeet(text: string): string {
  return text
    .replace(/0/g, 'o')
    .replace(/1/g, 'i')
    .replace(/3/g, 'e')
    .replace(/[4@]/g, 'a')
    .replace(/[5$]/g, 's')
    .replace(/7/g, 't');
}

function decodedRuns(text: string): string[] {
  const base64 = text.match(/[A-Za-z0-9+/_-]{16,}={0,2}/g) ?? [];
  const hex = text.match(/(?:[0-9a-f]{2}[\s:]?){12,}/gi) ?? [];
  return [
    ...hex.map((run) => Buffer.from(run.replace(/[\s:]/g, ''), 'hex').toString('utf8')),
    ...base64.map((run) => Buffer.from(run, 'base64').toString('utf8')),
  ].filter(isText);
}

/** Random bytes decode to something too, but seldom to nothing but letters, marks and blanks. */
function isText(decoded: string): boolean {
  if (decoded.length < 8 || decoded.includes('\ufffd')) return false;
  const unreadable = decoded.match(/[^\p{L}\p{M}\p{N}\p{P}\p{S}\s]/gu)?.length ?? 0;
  return unreadable <= decoded.length * 0.03;
}
