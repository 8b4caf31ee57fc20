/** Long outputs come in pieces of this size. */
const CHUNK_BYTES = 256 * 1024;
const table = checksumTable();

/**
 * The last step of a block: undoes the run lengths (four equal bytes are followed by a count of more) and sums up.
 * `chain` holds in its lower 8 bits a byte and above them where the next one stands; `start` is the first.
 */
export function expandRuns(chain: Uint32Array, length: number, start: number): { chunks: Buffer[]; checksum: number } {
  const chunks: Buffer[] = [];
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let used = 0;
  let sum = -1;
  let last = -1;
  let equal = 0;
  let at = start;
  for (let taken = 0; taken < length; taken++) {
    const entry = chain[at] ?? 0;
    const byte = entry & 0xff;
    at = entry >>> 8;
    if (equal === 4) {
      equal = 0;
      for (let more = byte; more > 0; more--) put(last);
      last = -1;
      continue;
    }
    equal = byte === last ? equal + 1 : 1;
    last = byte;
    put(byte);
  }
  chunks.push(chunk.subarray(0, used));
  return { chunks, checksum: ~sum >>> 0 };

  function put(byte: number): void {
    if (used === CHUNK_BYTES) {
      chunks.push(chunk);
      chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      used = 0;
    }
    chunk[used++] = byte;
    sum = (sum << 8) ^ (table[(sum >>> 24) ^ byte] ?? 0);
  }
}

/** CRC-32 with the most significant bit first, unlike gzip's. */
function checksumTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
    return sum;
  });
}
