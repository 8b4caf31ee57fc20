import { createHash } from 'node:crypto';

/** How a password is kept: MD5 of the BSDs (`1`), its variant of Apache (`apr1`), SHA-256 (`5`), SHA-512 (`6`). */
export type CryptKind = '1' | 'apr1' | '5' | '6';

/** Beyond it a password's hash would cost the thread more than a command may. */
const secretMax = 256;
const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** What crypt(3) makes of a password: real, since a visitor can compare it with what his own machine says. */
export function crypt(kind: CryptKind, secret: string, salt: string): string {
  const bytes = Buffer.from(secret.slice(0, secretMax), 'utf8');
  const made =
    kind === '5' || kind === '6' ? shaOf(kind, bytes, salt.slice(0, 16)) : md5Of(kind, bytes, salt.slice(0, 8));
  return `$${kind}$${salt.slice(0, kind === '5' || kind === '6' ? 16 : 8)}$${made}`;
}

/** Whether a hash is that of a password; undefined where it is none of these kinds, or asks for rounds of its own. */
export function isCryptOf(hash: string, secret: string): boolean | undefined {
  const [, kind, salt] = /^\$(1|apr1|5|6)\$([^$]{0,16})\$[^$]+$/.exec(hash) ?? [];
  if (kind === undefined || salt === undefined || salt.startsWith('rounds=')) return undefined;
  return crypt(kind as CryptKind, secret, salt) === hash; // the pattern knows these four
}

/** Signs of which salts are made. */
export function randomSalt(length: number): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(length));
  return [...bytes].map((byte) => alphabet[byte % 64]).join('');
}

function md5Of(kind: CryptKind, secret: Buffer, salt: string): string {
  const md5 = (...parts: (string | Buffer)[]) => digest('md5', parts);
  const inner = md5(secret, salt, secret);
  const parts: (string | Buffer)[] = [secret, `$${kind}$`, salt, repeated(inner, secret.length)];
  for (let left = secret.length; left > 0; left >>= 1) parts.push(left & 1 ? Buffer.alloc(1) : secret.subarray(0, 1));
  let value = md5(...parts);
  for (let round = 0; round < 1_000; round++)
    value = md5(round & 1 ? secret : value, round % 3 ? salt : '', round % 7 ? secret : '', round & 1 ? value : secret);
  return encode(value, [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]]);
}

function shaOf(kind: '5' | '6', secret: Buffer, saltText: string): string {
  const name = kind === '5' ? 'sha256' : 'sha512';
  const hash = (...parts: Buffer[]) => digest(name, parts);
  const salt = Buffer.from(saltText, 'latin1');
  const inner = hash(secret, salt, secret);
  const parts = [secret, salt, repeated(inner, secret.length)];
  for (let left = secret.length; left > 0; left >>= 1) parts.push(left & 1 ? inner : secret);
  let value = hash(...parts);
  const ofSecret = repeated(hash(...Array.from({ length: secret.length }, () => secret)), secret.length);
  const ofSalt = repeated(hash(...Array.from({ length: 16 + (value[0] ?? 0) }, () => salt)), salt.length);
  const none = Buffer.alloc(0);
  for (let round = 0; round < 5_000; round++)
    value = hash(
      round & 1 ? ofSecret : value,
      round % 3 ? ofSalt : none,
      round % 7 ? ofSecret : none,
      round & 1 ? value : ofSecret,
    );
  return encode(
    value,
    kind === '5' ? orderOf(10, [31, 30], (a, b, c) => [c, a, b]) : orderOf(21, [63], (a, b, c) => [b, c, a]),
  );
}

/** The order in which bytes are written: each three are the three before, turned and counted on. */
function orderOf(count: number, last: number[], turn: (a: number, b: number, c: number) => number[]): number[][] {
  const rows: number[][] = [[0, count, count * 2]];
  while (rows.length < count) {
    const [a = 0, b = 0, c = 0] = rows.at(-1) ?? [];
    rows.push(turn(a, b, c).map((each) => each + 1));
  }
  return [...rows, last];
}

function encode(bytes: Buffer, order: readonly (readonly number[])[]): string {
  return order
    .map((row) => {
      let value = row.reduce((sum, index) => sum * 256 + (bytes[index] ?? 0), 0);
      let text = '';
      for (let sign = 0; sign <= row.length; sign++, value >>= 6) text += alphabet[value & 63];
      return text;
    })
    .join('');
}

function digest(name: string, parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash(name);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function repeated(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, length === 0 ? undefined : bytes);
}
