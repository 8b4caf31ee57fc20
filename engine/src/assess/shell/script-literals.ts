import { inflateRawSync, inflateSync, unzipSync } from 'node:zlib';
import { decodeBase64Bytes, decodeEscapes } from './decode-text.ts';

const scriptMax = 16_384;
const foldedMax = 65_536;
const roundsMax = 8;

/** A quoted text of Python, Perl, PHP, Ruby, JavaScript or awk, after `plainQuotes`: always in double quotes. */
const text = '"((?:[^"\\\\]|\\\\.)*)"';
type Fold = readonly [pattern: RegExp, told: (...groups: string[]) => string | null];

/**
 * A one-line script with the expressions that hide a text replaced by that text, in double quotes: base64, hex, zlib, `chr`,
 * `pack`, reversal, joined pieces. To a fixed point, at most eight rounds; nothing is run.
 */
export function foldLiterals(script: string): string {
  let folded = plainQuotes(script.slice(0, scriptMax))
    .replace(/__import__\(\s*"(\w{1,32})"\s*\)/g, '$1')
    .replace(/\b(?:base64|binascii|codecs)\./g, '');
  for (let round = 0; round < roundsMax; round++) {
    const before = folded;
    for (const [pattern, told] of folds) {
      folded = folded.replace(pattern, (whole: string, ...groups: string[]) => {
        const value = told(...groups);
        return value === null ? whole : quoted(value);
      });
      if (folded.length > foldedMax) return before;
    }
    if (folded === before) break;
  }
  return folded;
}

/** The text within quotes as the script means it. */
export function unquoted(body: string): string {
  return decodeEscapes(body);
}

const numbers = '((?:\\s*(?:0x[0-9a-fA-F]{1,2}|\\d{1,3})\\s*,?){1,4096})';
const folds: readonly Fold[] = [
  [
    new RegExp(
      `(?:\\bb64decode|decode_base64|base64_decode|a2b_base64|atob|Base64\\.(?:strict_|urlsafe_)?decode64)\\s*\\(?\\s*${text}(?:\\s*,\\s*[^)"]*)?\\)?`,
      'g',
    ),
    (body = '') => bytesText(decodeBase64Bytes(unquoted(body))),
  ],
  [
    new RegExp(`Buffer\\.from\\(\\s*${text}\\s*,\\s*"base64"\\s*\\)`, 'g'),
    (body = '') => bytesText(decodeBase64Bytes(body)),
  ],
  [
    new RegExp(`${text}\\.unpack1?\\(\\s*"m0?"\\s*\\)(?:\\[0\\]|\\.first)?`, 'g'),
    (body = '') => bytesText(decodeBase64Bytes(body)),
  ],
  [
    new RegExp(`(?:byte(?:s|array)\\.fromhex|unhexlify|a2b_hex|hex2bin)\\s*\\(\\s*${text}\\s*\\)`, 'g'),
    (body = '') => hexText(body),
  ],
  [new RegExp(`Buffer\\.from\\(\\s*${text}\\s*,\\s*"hex"\\s*\\)`, 'g'), (body = '') => hexText(body)],
  [new RegExp(`pack\\s*\\(?\\s*"H\\*"\\s*,\\s*${text}\\s*\\)?`, 'g'), (body = '') => hexText(body)],
  [new RegExp(`\\[\\s*${text}\\s*\\]\\.pack\\(\\s*"H\\*"\\s*\\)`, 'g'), (body = '') => hexText(body)],
  [
    new RegExp(
      `(?:\\b\\w{1,16}\\.)?(?:decompress|gzuncompress|gzdecode|gzinflate|inflateSync|gunzipSync|inflateRawSync)\\(\\s*${text}\\s*\\)`,
      'g',
    ),
    (body = '') => inflated(unquoted(body)),
  ],
  [
    new RegExp(
      `""\\.join\\(\\s*(?:chr\\(\\w+\\)\\s*for\\s+\\w+\\s+in|map\\(\\s*chr\\s*,)\\s*[[(]${numbers}[\\])]\\s*\\)?\\s*\\)`,
      'g',
    ),
    fromNumbers,
  ],
  [new RegExp(`(?:String\\.fromCharCode|bytes|bytearray)\\(\\s*\\[?${numbers}\\]?\\s*\\)`, 'g'), fromNumbers],
  [new RegExp(`pack\\s*\\(?\\s*"[CcU]\\*"\\s*,${numbers}\\)?`, 'g'), fromNumbers],
  [new RegExp(`\\bchr\\(${numbers}\\)`, 'g'), fromNumbers],
  [
    new RegExp(`(?:str_rot13\\(\\s*${text}\\s*\\)|\\bdecode\\(\\s*${text}\\s*,\\s*"rot_?13"\\s*\\))`, 'g'),
    (one, other) => rotated(unquoted(one ?? other ?? '')),
  ],
  [
    new RegExp(
      `(?:(?:strrev|(?:scalar\\s+)?reverse)\\s*\\(?\\s*${text}\\s*\\)?|${text}(?:\\[::-1\\]|\\.reverse))`,
      'g',
    ),
    (one, other) => [...unquoted(one ?? other ?? '')].reverse().join(''),
  ],
  [new RegExp(`${text}\\.(?:decode|encode|toString)\\([^()]{0,24}\\)`, 'g'), (body = '') => unquoted(body)],
  [new RegExp(`${text}\\s*[+.]\\s*${text}`, 'g'), (one = '', other = '') => unquoted(one) + unquoted(other)],
];

/** Every quoted text in double quotes without prefixes: `b'…'`, `q/…/`, `q{…}` are the same text. */
function plainQuotes(script: string): string {
  return script.replace(
    /"((?:[^"\\]|\\.)*)"|\b[bru]{0,2}'((?:[^'\\]|\\.)*)'|'((?:[^'\\]|\\.)*)'|\bqq?(?:\/([^/]*)\/|\{([^}]*)\}|\(([^)]*)\))/g,
    (_whole, ...groups: (string | undefined)[]) =>
      quoted(unquoted(groups.slice(0, 6).find((group) => group !== undefined) ?? '')),
  );
}

function quoted(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes of packed text must survive the next round.
  const body = value.replace(/["\\]/g, '\\$&').replace(/[\x00-\x08\x0b-\x1f\x7f-\xff]/g, hexEscape);
  return `"${body}"`;
}

function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** Bytes as one character each, since what is packed in them may be opened in the next round. */
function bytesText(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('latin1');
}

function hexText(body: string): string | null {
  return /^(?:[0-9a-fA-F]{2}\s*){2,}$/.test(body)
    ? Buffer.from(body.replace(/\s/g, ''), 'hex').toString('latin1')
    : null;
}

function fromNumbers(list = ''): string {
  return list
    .split(',')
    .map((number) => number.trim())
    .filter((number) => number !== '')
    .map((number) => String.fromCharCode(Number(number) & 255))
    .join('');
}

function rotated(value: string): string {
  return value.replace(/[a-z]/gi, (letter) => {
    const first = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });
}

/** Opens zlib, gzip or bare deflate, bounded against bombs. */
function inflated(packed: string): string | null {
  const bytes = Buffer.from(packed, 'latin1');
  for (const open of [unzipSync, inflateSync, inflateRawSync]) {
    try {
      return open(bytes, { maxOutputLength: foldedMax }).toString('latin1');
    } catch {
      // Packed in another way, cut, or too large when opened.
    }
  }
  return null;
}
