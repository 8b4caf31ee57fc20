import { hashText } from '../known-shapes.ts';

const signatureLength = 64;
const rowsPerBand = 4;
const bands = signatureLength / rowsPerBand;

/** Odd multipliers and offsets of the permutations, drawn once from a fixed seed: signatures must agree between runs. */
const multipliers = new Int32Array(signatureLength);
const offsets = new Int32Array(signatureLength);
for (let at = 0; at < signatureLength; at++) {
  multipliers[at] = hashText(`multiplier ${at}`) | 1;
  offsets[at] = hashText(`offset ${at}`);
}

/** The share of equal numbers in two signatures is an estimate of the sets' Jaccard similarity (error about 0.06). */
export function minHash(items: Iterable<string>): Int32Array {
  const least = new Uint32Array(signatureLength).fill(0xffffffff);
  for (const item of items) {
    const hashed = mixed(hashText(item));
    for (let at = 0; at < signatureLength; at++) {
      const value = mixed(Math.imul(hashed, multipliers[at] ?? 1) + (offsets[at] ?? 0)) >>> 0;
      if (value < (least[at] ?? 0)) least[at] = value;
    }
  }
  return new Int32Array(least.buffer);
}

/** 0 to 1: an estimate of the share of steps that two sessions have in common. */
export function similarity(a: Int32Array, b: Int32Array): number {
  let equal = 0;
  for (let at = 0; at < signatureLength; at++) if (a[at] === b[at]) equal++;
  return equal / signatureLength;
}

/**
 * One coarse number for what was done: the same for two sessions with a chance that is their similarity. 0: nothing was.
 */
export function behaviourOf(signature: Int32Array | undefined): number {
  return signature?.[0] ?? 0;
}

/**
 * One number per band of four rows. Sets of similarity s share a band with the chance 1 - (1 - s⁴)¹⁶: 0.9998 at 0.8,
 * 0.64 at 0.5, 0.002 at 0.1.
 */
export function bandHashes(signature: Int32Array): Int32Array {
  const hashes = new Int32Array(bands);
  for (let band = 0; band < bands; band++) {
    let hash = band + 1;
    for (let row = 0; row < rowsPerBand; row++)
      hash = mixed(Math.imul(hash, 31) + (signature[band * rowsPerBand + row] ?? 0));
    hashes[band] = hash;
  }
  return hashes;
}

/** Spreads every bit over all others (the finisher of MurmurHash3): FNV alone leaves short texts in clumps. */
function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
