import { z } from 'zod';
import type { LureKind } from './lure.ts';

/** Where a planted secret was used. */
export const TouchPlace = z.enum(['username', 'password', 'key', 'command', 'input', 'tunnel']);
export type TouchPlace = z.infer<typeof TouchPlace>;

/** A planted secret as it is looked for. */
export interface KnownLure {
  readonly id: string;
  readonly kind: LureKind;
  readonly path: string;
  readonly quickHash: number;
  /** Hexadecimal sha-256. */
  readonly secretHash: string;
  readonly sensor: string;
  readonly plantedAt: string;
  /** For whom it was planted, or who read it first. */
  readonly sessionId: string | null;
  readonly sourceIp: string | null;
  readonly isRead: boolean;
}

/** A lure that was used by an event. */
export interface TouchFinding {
  readonly lure: KnownLure;
  readonly place: TouchPlace;
}

/**
 * The number by which words are dismissed that are no secret of ours: FNV-1a over 16-bit units. Base64 may end in `=`, which
 * a command line's word does not keep.
 */
export function quickHashOf(secret: string): number {
  let hash = quickHashStart;
  const end = keyLength(secret);
  for (let at = 0; at < end; at++) hash = quickHashStep(hash, secret.charCodeAt(at));
  return hash >>> 0;
}

export const quickHashStart = 0x811c9dc5;

/** FNV-1a over one UTF-16 unit, so that every word of a text is hashed while it is walked once. */
export function quickHashStep(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** What is hashed of a secret. */
export function secretKeyOf(secret: string): string {
  return secret.slice(0, keyLength(secret));
}

function keyLength(secret: string): number {
  let end = secret.length;
  while (end > 0 && secret[end - 1] === '=') end--;
  return end;
}
