import { InvalidArgumentError } from 'commander';

/** Reads an option's value. */
export function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const count = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (count >= min && count <= max) return count;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}
