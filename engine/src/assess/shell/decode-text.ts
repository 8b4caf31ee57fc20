import { gunzipSync } from 'node:zlib';

const escapes = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['a', '\x07'],
  ['b', '\b'],
  ['e', '\x1b'],
  ['E', '\x1b'],
  ['f', '\f'],
  ['v', '\v'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
]);

/** What `echo -e`, `printf` and `$'…'` make of backslashes: `\x77`, `\167`, `\0167`, `\n`, `\u0041`. */
export function decodeEscapes(text: string): string {
  return text.replace(
    /\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|0?[0-7]{1,3}|[ntrabeEfv\\'"])/g,
    (_whole, code: string) => {
      if (code[0] === 'x' || code[0] === 'u') return String.fromCharCode(Number.parseInt(code.slice(1), 16));
      return escapes.get(code) ?? String.fromCharCode(Number.parseInt(code, 8) & 255);
    },
  );
}

/** Decodes base64 where the text is nothing else; a missing tail is forgiven, since logs cut long lines. */
export function decodeBase64(text: string): string | null {
  const bytes = decodeBase64Bytes(text);
  return bytes === null ? null : unpack(bytes);
}

/** null where it is not base64, or too short to tell. */
export function decodeBase64Bytes(text: string): Buffer | null {
  const body = text.replace(/\s+/g, '');
  return body.length < 4 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(body) ? null : Buffer.from(body, 'base64');
}

const base32Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** null where it is not base32, or too short to tell. */
export function decodeBase32(text: string): string | null {
  const body = text.replace(/\s+/g, '').replace(/=+$/, '');
  if (body.length < 4 || !/^[A-Z2-7]+$/.test(body)) return null;
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  for (const letter of body) {
    held = ((held << 5) | base32Letters.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
  }
  return unpack(Buffer.from(bytes));
}

/** Digits with or without `\x`, `0x`, colons and blanks between them; null where there is anything else. */
export function decodeHex(text: string): string | null {
  const body = text.replace(/\\x|0x|[\s:,]+/g, '');
  if (body.length < 4 || !/^[0-9a-fA-F]+$/.test(body)) return null;
  return unpack(Buffer.from(body.length % 2 ? body.slice(0, -1) : body, 'hex'));
}

const gzipBytesMax = 262_144;

/** Opens gzip where the bytes are gzip, bounded against bombs, and reads the rest as UTF-8. */
function unpack(bytes: Buffer): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: gzipBytesMax }).toString('utf8');
  } catch {
    return bytes.toString('latin1');
  }
}

/** True where a decoded text reads like text and not like chance bytes. */
export function looksLikeText(text: string): boolean {
  if (text.length < 3) return false;
  let odd = 0;
  const looked = Math.min(text.length, 512);
  for (let at = 0; at < looked; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd || (code < 32 && code !== 10 && code !== 9 && code !== 13) || code === 127) odd++;
  }
  return odd / looked < 0.05;
}
