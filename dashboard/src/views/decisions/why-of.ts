/** The sentence of a verification, whose form the API leaves open. */
export function whyOf(verification: unknown): string | undefined {
  if (typeof verification !== 'object' || verification === null || !('why' in verification)) return undefined;
  return typeof verification.why === 'string' ? verification.why : undefined;
}
