import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * A file is known by what stands in it, not by its name or inode: names move at rotation, copytruncate leaves the inode
 * and takes the content away, and a deleted file's inode is given to the next one. The head alone is not enough: after
 * a copytruncate a writer that keeps its offset leaves NULs at the head of every file, so the bytes just before the
 * place that was reached are compared too.
 */
export const HEAD_BYTES = 1024;
export const GUARD_BYTES = 256;

const Sum = z.object({
  bytes: z.number().int().min(0).max(HEAD_BYTES),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A place in some content: whoever has the same first bytes and the same bytes before `offset` holds that content. */
export const Fingerprint = z.object({
  offset: z.number().int().positive(),
  head: Sum,
  guard: Sum,
});
export type Fingerprint = Readonly<z.infer<typeof Fingerprint>>;

/** `head`: the first bytes of the content; `guard`: the last ones before `offset`. Undefined at offset 0: nothing is known. */
export function fingerprintAt(offset: number, head: Buffer, guard: Buffer): Fingerprint | undefined {
  if (offset === 0) return undefined;
  return { offset, head: sumOf(head.subarray(0, Math.min(offset, HEAD_BYTES))), guard: sumOf(guard) };
}

/** Whether `head` and `guard`, read at the fingerprint's own places, are the bytes that it was made of. */
export function isSameContent(fingerprint: Fingerprint, head: Buffer, guard: Buffer): boolean {
  return isSum(fingerprint.head, head) && isSum(fingerprint.guard, guard);
}

/** Where the guard of a fingerprint begins. */
export function guardStart(fingerprint: Fingerprint): number {
  return fingerprint.offset - fingerprint.guard.bytes;
}

function sumOf(bytes: Buffer): z.infer<typeof Sum> {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function isSum(sum: z.infer<typeof Sum>, bytes: Buffer): boolean {
  return sum.bytes === bytes.length && sumOf(bytes).sha256 === sum.sha256;
}
