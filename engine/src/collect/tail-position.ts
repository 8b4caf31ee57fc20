import { z } from 'zod';
import { Fingerprint } from './fingerprint.ts';

/**
 * Stored before the first line: files written from then on are unread, even if they are rotated away before any of
 * their lines was stored.
 */
const TailBeginning = z.object({ version: z.literal(1), unreadSinceMs: z.number() });

const TailPlace = z.object({
  version: z.literal(1),
  content: Fingerprint,
  /** When the file was last written, as seen at reading: decides what is newer, should the content be gone. */
  modifiedMs: z.number(),
  /** For people; identity is the content. */
  file: z.string(),
});

/** How far a log was read, as it is stored with the lines. */
export const TailPosition = z.union([TailPlace, TailBeginning]);
export type TailPosition = Readonly<z.infer<typeof TailPosition>>;

export type StoredPosition =
  | { readonly kind: 'none' }
  | { readonly kind: 'begun'; readonly unreadSinceMs: number }
  | { readonly kind: 'at'; readonly position: Readonly<z.infer<typeof TailPlace>> }
  | { readonly kind: 'unusable'; readonly why: string };

/** The store keeps `{}` for a source that was never read. */
export function parseTailPosition(stored: unknown): StoredPosition {
  if (stored === undefined || stored === null) return { kind: 'none' };
  if (typeof stored === 'object' && Object.keys(stored).length === 0) return { kind: 'none' };
  const parsed = TailPosition.safeParse(stored);
  if (!parsed.success) return { kind: 'unusable', why: z.prettifyError(parsed.error) };
  if ('content' in parsed.data) return { kind: 'at', position: parsed.data };
  return { kind: 'begun', unreadSinceMs: parsed.data.unreadSinceMs };
}

/** Whether the next start goes on from what is stored, so that nothing written since is taken for history. */
export function isFollowed(stored: unknown): boolean {
  const { kind } = parseTailPosition(stored);
  return kind === 'begun' || kind === 'at';
}

/** Whether there was a log when this was stored. Following one begins, with a position, before it is there. */
export function tellsOfALog(stored: unknown): boolean {
  const position = parseTailPosition(stored);
  return position.kind === 'begun' ? position.unreadSinceMs > 0 : position.kind !== 'none';
}
