import { hkdfSync } from 'node:crypto';
import { openSealedBytes, sealBytes } from './seal-bytes.ts';
import type { Secret } from './secret.ts';

/** Keeps what lies in a place that others may read. Without a key it is the bytes themselves. */
export interface SealBox {
  seal(bytes: Buffer, boundTo: string): Buffer;
  /** Undefined where it was put in under another key, for something else, or was changed. */
  open(sealed: Buffer, boundTo: string): Buffer | undefined;
}

const keyNumber = 1;

/** `purpose` makes keys of the same secret differ, so that what was sealed for one use opens in no other. */
export function createSealBox(secret: Secret | null, purpose: string): SealBox {
  if (secret === null) return { seal: (bytes) => bytes, open: (bytes) => bytes };
  const key = new Uint8Array(hkdfSync('sha256', secret.reveal(), '', `cerberusmesh ${purpose}`, 32));
  return {
    seal: (bytes, boundTo) => sealBytes(key, keyNumber, bytes, boundTo),
    open: (sealed, boundTo) => openSealedBytes((number) => (number === keyNumber ? key : undefined), sealed, boundTo),
  };
}
