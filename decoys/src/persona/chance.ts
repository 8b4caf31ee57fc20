import { createHash } from 'node:crypto';

/** Numbers that follow from a seed, so that a persona is the same after every restart and on every thread. */
export interface Chance {
  /** A whole number from `min` to `max`, both included. */
  readonly between: (min: number, max: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly hex: (length: number) => string;
}

/** The same seed gives the same draws, so that a decoy is the same machine after each start. */
export function createChance(seed: string): Chance {
  let count = 0;
  const word = () => createHash('sha256').update(`${seed}/${count++}`).digest().readUInt32BE(0);
  const between = (min: number, max: number) => min + (word() % (max - min + 1));
  return {
    between,
    pick(from) {
      const picked = from[between(0, from.length - 1)];
      if (picked === undefined) throw new Error('There is nothing to pick from.');
      return picked;
    },
    hex: (length) => createHash('sha512').update(`${seed}/${count++}`).digest('hex').slice(0, length),
  };
}
