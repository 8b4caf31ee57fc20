/** Thrown when the bytes at hand end inside a block: read more and begin the block again. */
export class ShortOfBits extends Error {
  override readonly name = 'ShortOfBits';
}

/** Bits of a buffer, the most significant first. */
export interface BitReader {
  /** At most 24 at once. */
  take(count: number): number;
  /** The next bits without taking them; zeros follow the end. */
  peek(count: number): number;
  skip(count: number): void;
  position(): number;
}

/** Reads a block from any bit on, since blocks of bzip2 do not begin at a byte. */
export function createBitReader(bytes: Buffer, startBit: number): BitReader {
  let at = startBit >> 3;
  let held = 0;
  let heldBits = 0;
  fill();
  skip(startBit & 7);
  return { take, peek, skip, position };

  function take(count: number): number {
    const value = peek(count);
    skip(count);
    return value;
  }

  function peek(count: number): number {
    if (heldBits < count) fill();
    return (held >>> (heldBits - count)) & ((1 << count) - 1);
  }

  function skip(count: number): void {
    if (heldBits < count) fill();
    heldBits -= count;
    if (position() > bytes.length * 8) throw new ShortOfBits();
  }

  /** Up to 32 bits; the ones that are shifted out at the top were taken before. */
  function fill(): void {
    while (heldBits <= 24) {
      held = (held << 8) | (bytes[at] ?? 0);
      at++;
      heldBits += 8;
    }
  }

  function position(): number {
    return at * 8 - heldBits;
  }
}
