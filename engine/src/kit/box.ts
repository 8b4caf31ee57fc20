import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Keeps secrets that a program must be able to read again, such as those of authenticators. */
export interface Box {
  /** `owner` is bound in: what was sealed for one opens for nobody else. */
  seal(text: string, owner: string): Buffer;
  /** @throws where it was sealed for another owner or under another key, or was changed. */
  open(sealed: Uint8Array, owner: string): string;
}

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM under a key that is drawn from `secret` (random, no pass phrase) for one purpose. */
export function createBox(secret: Uint8Array, purpose: string): Box {
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), purpose, 32));
  return {
    seal(text, owner) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, owner) {
      const opening = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
      opening.setAAD(Buffer.from(owner)).setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
      const body = opening.update(sealed.subarray(nonceBytes + tagBytes));
      return Buffer.concat([body, opening.final()]).toString('utf8');
    },
  };
}
