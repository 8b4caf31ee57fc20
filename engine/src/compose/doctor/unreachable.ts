import { reasonOf } from '../../kit/reason-of.ts';

/** Why a request failed: `fetch` itself only says "fetch failed", and keeps the reason as its cause. */
export function whyUnreachable(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  // Of several addresses that were all refused, Node says only the code.
  return reasonOf(cause) || (cause instanceof Error && 'code' in cause ? String(cause.code) : 'it cannot be reached');
}
