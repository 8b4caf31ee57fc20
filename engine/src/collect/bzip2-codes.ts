import type { BitReader } from './bzip2-bits.ts';

const LENGTH_MAX = 20;
const QUICK_BITS = 10;

/** A prefix code: short ones are found in one look, longer ones by their length. */
export interface CodeTable {
  /** For the next QUICK_BITS bits: the code's length, and the symbol above it; 0 where the code is longer. */
  readonly quick: Int32Array;
  /** Per length, the first value that is too large for it, in LENGTH_MAX bits. */
  readonly limits: Int32Array;
  /** Per length, what turns a code of it into an index of `symbols`. */
  readonly offsets: Int32Array;
  readonly symbols: Int32Array;
}

/** Reads the code lengths of `alphabetSize` symbols and makes the canonical code of them. */
export function readCodeTable(bits: BitReader, alphabetSize: number): CodeTable {
  const lengths = new Uint8Array(alphabetSize);
  let length = bits.take(5);
  for (let symbol = 0; symbol < alphabetSize; symbol++) {
    while (bits.take(1) === 1) length += bits.take(1) === 0 ? 1 : -1;
    if (length < 1 || length > LENGTH_MAX) throw new Error('a bzip2 code has an impossible length');
    lengths[symbol] = length;
  }
  return tableOf(lengths);
}

/** The next symbol. Throws if the bits are no code of this table. */
export function readSymbol(bits: BitReader, table: CodeTable): number {
  const quick = table.quick[bits.peek(QUICK_BITS)] ?? 0;
  if (quick !== 0) {
    bits.skip(quick & 31);
    return quick >>> 5;
  }
  const code = bits.peek(LENGTH_MAX);
  for (let length = 1; length <= LENGTH_MAX; length++) {
    if (code >= (table.limits[length] ?? 0)) continue;
    bits.skip(length);
    const symbol = table.symbols[(code >>> (LENGTH_MAX - length)) + (table.offsets[length] ?? 0)];
    if (symbol !== undefined) return symbol;
  }
  throw new Error('bits that are no code stand in a bzip2 block');
}

function tableOf(lengths: Uint8Array): CodeTable {
  const symbols = new Int32Array(lengths.length);
  const limits = new Int32Array(LENGTH_MAX + 1);
  const offsets = new Int32Array(LENGTH_MAX + 1);
  const quick = new Int32Array(1 << QUICK_BITS);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= LENGTH_MAX; length++) {
    offsets[length] = index - code;
    for (const [symbol, symbolLength] of lengths.entries()) {
      if (symbolLength !== length) continue;
      if (code >= 1 << length) throw new Error('the codes of a bzip2 table do not fit their lengths');
      symbols[index++] = symbol;
      const first = code << (QUICK_BITS - length);
      if (length <= QUICK_BITS) quick.fill((symbol << 5) | length, first, first + (1 << (QUICK_BITS - length)));
      code++;
    }
    limits[length] = code << (LENGTH_MAX - length);
    code <<= 1;
  }
  return { quick, limits, offsets, symbols };
}
