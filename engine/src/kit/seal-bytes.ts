import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 2 + nonceBytes + tagBytes;

/** AES-256-GCM. `keyNumber` is written before it, so that whoever opens it knows which key to take; `boundTo` must be said again. */
export function sealBytes(key: Uint8Array, keyNumber: number, bytes: Uint8Array, boundTo: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const head = Buffer.from([version, keyNumber]);
  cipher.setAAD(Buffer.concat([head, Buffer.from(boundTo)]));
  const body = [cipher.update(bytes), cipher.final()];
  return Buffer.concat([head, nonce, cipher.getAuthTag(), ...body]);
}

/** Undefined where it was sealed under another key, for something else, or was changed. */
export function openSealedBytes(keyOf: (keyNumber: number) => Uint8Array | undefined, sealed: Buffer, boundTo: string) {
  const key = keyOf(sealed[1] ?? -1);
  if (sealed.length < headBytes || sealed[0] !== version || key === undefined) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(2, 2 + nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.concat([sealed.subarray(0, 2), Buffer.from(boundTo)]));
  decipher.setAuthTag(sealed.subarray(2 + nonceBytes, headBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}
