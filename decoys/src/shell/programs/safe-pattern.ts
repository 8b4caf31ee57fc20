/** The most of a text that a visitor's pattern is tried on. */
export const patternTextMax = 64 * 1024;
export const patternMax = 500;

/** A pattern whose parts repeat within parts that repeat may take for ever: JavaScript tries all ways as Perl and Python do, and cannot be stopped. */
export function mayTakeForever(pattern: string): boolean {
  return /\([^()]*[+*][^()]*\)[+*{]/.test(pattern);
}
