import { createHmac, timingSafeEqual } from 'node:crypto';

/** Text that names something until a time, and that nobody without the key can make. */
export interface ExpiringTokens {
  make(id: string, expiresAt: Date): string;
  /** The id; undefined where the token is not ours or its time is over. */
  read(token: string, now: Date): string | undefined;
}

const idBytes = 16;
const secondsBytes = 6;

/** `id` is a UUID. 22 bytes of content and 32 of signature, in base64url. */
export function createExpiringTokens(key: Uint8Array, purpose: string): ExpiringTokens {
  return {
    make(id, expiresAt) {
      const content = Buffer.alloc(idBytes + secondsBytes);
      content.write(id.replaceAll('-', ''), 'hex');
      content.writeUIntBE(Math.floor(expiresAt.getTime() / 1000), idBytes, secondsBytes);
      return `${content.toString('base64url')}.${signatureOf(content).toString('base64url')}`;
    },
    read(token, now) {
      const [content = Buffer.alloc(0), signature = Buffer.alloc(0)] = token
        .split('.')
        .map((part) => Buffer.from(part, 'base64url'));
      const expected = signatureOf(content);
      if (content.length !== idBytes + secondsBytes || signature.length !== expected.length) return undefined;
      if (!timingSafeEqual(signature, expected)) return undefined;
      if (content.readUIntBE(idBytes, secondsBytes) * 1000 <= now.getTime()) return undefined;
      const hex = content.toString('hex', 0, idBytes);
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
    },
  };

  function signatureOf(content: Uint8Array): Buffer {
    return createHmac('sha256', key).update(`${purpose}\0`).update(content).digest();
  }
}
