const decodedMax = 6;
const depthMax = 2;

/**
 * The ways in which a text may be read: as it stands, without what is invisible, with look-alike digits as letters, and
 * what runs of base64, hex and escapes in it hold. Bounded in number and depth.
 */
export function readingsOf(text: string, depth = 0): string[] {
  const visible = text.normalize('NFKC').replace(tags, fromTags).replace(invisible, '');
  const readings = [visible, unspaced(visible), fromLeet(visible)];
  if (depth >= depthMax) return readings;
  const decoded = [...decodedRuns(visible), ...unescaped(visible)].slice(0, decodedMax);
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
const invisible = /\u00ad|\u034f|\u061c|\u180e|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|[\ufe00-\ufe0f]|\ufeff/g;
/** Characters that look like nothing and spell ASCII. */
const tags = /[\u{e0020}-\u{e007e}]/gu;

function fromTags(tag: string): string {
  return String.fromCodePoint((tag.codePointAt(0) ?? 0xe0020) - 0xe0000);
}

const leet: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};

function fromLeet(text: string): string {
  return text.replace(/[013457@$]/g, (digit) => leet[digit] ?? digit);
}

/** `i g n o r e` and `i.g.n.o.r.e`; two separators or more are taken for a blank. */
function unspaced(text: string): string {
  return text
    .replace(/(?<!\S)(?:\S[ ._-]){3,}\S(?!\S)/g, (run) => run.replace(/(\S)[ ._-](?=\S)/g, '$1'))
    .replace(/[\s._-]{2,}/g, ' ');
}

function decodedRuns(text: string): string[] {
  const base64 = text.match(/[A-Za-z0-9+/_-]{16,}={0,2}/g) ?? [];
  const hex = text.match(/(?:[0-9a-f]{2}[\s:]?){12,}/gi) ?? [];
  return [
    ...hex.map((run) => Buffer.from(run.replace(/[\s:]/g, ''), 'hex').toString('utf8')),
    ...base64.map((run) => Buffer.from(run, 'base64').toString('utf8')),
  ].filter(isText);
}

function unescaped(text: string): string[] {
  const escapes = /(?:\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|%[0-9a-f]{2})/gi;
  if (!escapes.test(text)) return [];
  const bytes = text.replace(/(?:(?:\\x|%)[0-9a-f]{2})+/gi, (run) => {
    return Buffer.from(run.replace(/\\x|%/gi, ''), 'hex').toString('utf8');
  });
  return [bytes.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))];
}

/** Random bytes decode to something too, but seldom to nothing but letters, marks and blanks. */
function isText(decoded: string): boolean {
  const readable = decoded.match(/[\p{L}\p{M}\p{N}\p{P}\p{S}\s]/gu)?.length ?? 0;
  return decoded.length >= 8 && !decoded.includes('\ufffd') && readable >= [...decoded].length * 0.97;
}
