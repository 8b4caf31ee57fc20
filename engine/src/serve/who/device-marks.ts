import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const lifetimeSeconds = 180 * 24 * 3600;
const form = /^([0-9a-z]{1,11})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})$/;

/** A mark that a browser keeps after a person signed in there: it lets nobody in, it only says that it was there before. */
export interface DeviceMarks {
  make(userId: string, now: Date): string;
  /** What this device is counted by; undefined where the mark is not ours, another person's or too old. */
  read(mark: string, userId: string, now: Date): string | undefined;
}

export const deviceMarkSeconds = lifetimeSeconds;

/** Marks that only this installation can make, each for one account: they say that this browser signed in before. */
export function createDeviceMarks(key: Uint8Array): DeviceMarks {
  return {
    make(userId, now) {
      const content = `${Math.floor(now.getTime() / 1000).toString(36)}.${randomBytes(12).toString('base64url')}`;
      return `${content}.${sign(content, userId).toString('base64url')}`;
    },
    read(mark, userId, now) {
      const [, madeAt = '', nonce = '', signature = ''] = form.exec(mark) ?? [];
      if (!timingSafeEqual(sign(`${madeAt}.${nonce}`, userId), decoded(signature))) return undefined;
      const ageSeconds = now.getTime() / 1000 - Number.parseInt(madeAt, 36);
      return ageSeconds < lifetimeSeconds ? nonce : undefined;
    },
  };

  function sign(content: string, userId: string): Buffer {
    return createHmac('sha256', key).update(`device mark\0${userId}\0${content}`).digest();
  }
}

/** Thirty-two bytes in any case, which is what can be compared. */
function decoded(signature: string): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.write(signature, 'base64url');
  return bytes;
}
