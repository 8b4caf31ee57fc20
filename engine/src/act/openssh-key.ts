import { generateKeyPair, type JsonWebKey, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

export interface OpenSshKeyPair {
  readonly privateKey: string;
  /** `ssh-rsa AAAA…`, without a comment. */
  readonly publicKey: string;
}

/** A fresh RSA pair in OpenSSH's own format, which ssh-keygen reads, with this comment inside the private part. */
export async function rsaKeyPair(bits: number): Promise<(comment: string) => OpenSshKeyPair> {
  const { privateKey } = await generate('rsa', { modulusLength: bits });
  const jwk = privateKey.export({ format: 'jwk' });
  return (comment) => format(jwk, comment);
}

/** An Ed25519 key in the same format. Every one with the same comment has the same length. */
export function ed25519KeyFile(key: KeyObject, comment: string): { text: string; publicBlob: Buffer } {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const publicBlob = Buffer.concat([text('ssh-ed25519'), sized(point)]);
  const parts = [text('ssh-ed25519'), sized(point), sized(Buffer.concat([seed, point]))];
  return { text: keyFile(publicBlob, parts, comment), publicBlob };
}

const generate = promisify(generateKeyPair);

function format(key: JsonWebKey, comment: string): OpenSshKeyPair {
  const type = text('ssh-rsa');
  const [n, e, d, iqmp, p, q] = [key.n, key.e, key.d, key.qi, key.p, key.q].map(wholeNumber);
  if (!n || !e || !d || !iqmp || !p || !q) throw new Error('the generated key lacks a part of an RSA key');
  const publicBlob = Buffer.concat([type, e, n]);
  const privateKey = keyFile(publicBlob, [type, n, e, d, iqmp, p, q], comment);
  return { privateKey, publicKey: `ssh-rsa ${publicBlob.toString('base64')}` };
}

/** The unencrypted form: a check number twice, the private parts, the comment. */
function keyFile(publicBlob: Buffer, privateParts: readonly Buffer[], comment: string): string {
  const check = randomBytes(4);
  const secret = padded(Buffer.concat([check, check, ...privateParts, text(comment)]));
  return armoured(
    Buffer.concat([
      Buffer.from('openssh-key-v1\0'),
      text('none'),
      text('none'),
      text(''),
      uint32(1),
      sized(publicBlob),
      sized(secret),
    ]),
  );
}

/** The format asks for 1, 2, 3 … up to a multiple of eight. */
function padded(content: Buffer): Buffer {
  const missing = (8 - (content.length % 8)) % 8;
  return Buffer.concat([content, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
}

function armoured(content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

/** SSH writes whole numbers with a leading zero byte where the highest bit is set, since they are signed. */
function wholeNumber(part: string | undefined): Buffer | undefined {
  if (part === undefined) return undefined;
  const bytes = Buffer.from(part, 'base64url');
  const first = bytes.findIndex((byte) => byte !== 0);
  const bare = bytes.subarray(first);
  return sized(bare.readUInt8(0) > 0x7f ? Buffer.concat([Buffer.from([0]), bare]) : bare);
}

function text(value: string): Buffer {
  return sized(Buffer.from(value));
}

function sized(content: Buffer): Buffer {
  return Buffer.concat([uint32(content.length), content]);
}

function uint32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}
