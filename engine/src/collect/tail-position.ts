import { z } from 'zod';
import { Fingerprint } from './fingerprint.ts';

/** How far a log was read, as it is stored with the lines. */
export const TailPosition = z.object({
  version: z.literal(1),
  content: Fingerprint,
  /** When the file was last written, as seen at reading: decides what is newer, should the content be gone. */
  modifiedMs: z.number(),
  /** For people; identity is the content. */
  file: z.string(),
});
export type TailPosition = Readonly<z.infer<typeof TailPosition>>;

export type StoredPosition =
  | { readonly kind: 'none' }
  | { readonly kind: 'at'; readonly position: TailPosition }
  | { readonly kind: 'unusable'; readonly why: string };

/** The store keeps `{}` for a source that was never read. */
export function parseTailPosition(stored: unknown): StoredPosition {
  if (stored === undefined || stored === null) return { kind: 'none' };
  if (typeof stored === 'object' && Object.keys(stored).length === 0) return { kind: 'none' };
  const parsed = TailPosition.safeParse(stored);
  return parsed.success
    ? { kind: 'at', position: parsed.data }
    : { kind: 'unusable', why: z.prettifyError(parsed.error) };
}
