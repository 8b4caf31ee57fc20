/** Below this a batch is a live one: what it takes is gone with the next collection of the young. */
const worthKeepingBytes = 1 << 20;
/** One is being sent while the next is filled. */
const keptMax = 2;

export interface SpareBuffers {
  /** At least that long; what is in it is not told. */
  take(bytes: number): Buffer;
  /** Of one that nobody reads or writes any more. */
  giveBack(buffer: Buffer): void;
}

/**
 * Keeps the buffers of a backfill's batches for the batches after them. V8 learns late that it holds 14 MB by a small object:
 * measured in a replay of a million lines, four to seven used ones lay about until it looked, a quarter of the process's
 * memory. Once a batch is small, the backfill is over and they are let go of.
 */
export function createSpareBuffers(): SpareBuffers {
  let spare: Buffer[] = [];
  return { take, giveBack };

  function take(bytes: number): Buffer {
    if (bytes < worthKeepingBytes) {
      spare = [];
      return Buffer.allocUnsafe(bytes);
    }
    const at = spare.findIndex((buffer) => buffer.length >= bytes);
    return spare.splice(at, at < 0 ? 0 : 1)[0] ?? Buffer.allocUnsafe(bytes);
  }

  function giveBack(buffer: Buffer): void {
    if (buffer.length < worthKeepingBytes) return;
    // The latest fits the next batch best: one that was too short for it made this one.
    spare = [buffer, ...spare].slice(0, keptMax);
  }
}
