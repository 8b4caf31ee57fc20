import { createExpiringTokens } from '../kit/expiring-token.ts';

export interface ApprovalLinks {
  /** For a notice: opens a page that shows what is asked, and answers it once, until it expires. */
  linkFor(decisionId: string, expiresAt: Date): string;
  /** The decision that a link's token is for; undefined where it is not ours or too old. */
  read(token: string, now: Date): string | undefined;
}

/**
 * Links that answer a question without a token of the API. What is secret stands behind the `#`, so it is in no log of
 * a server or proxy, and a scanner that only follows the link answers nothing.
 */
export function createApprovalLinks(installKey: Uint8Array, publicUrl: string): ApprovalLinks {
  const tokens = createExpiringTokens(installKey, 'approval link');
  return {
    linkFor: (decisionId, expiresAt) =>
      `${publicUrl.replace(/\/+$/, '')}/#/approve/${tokens.make(decisionId, expiresAt)}`,
    read: tokens.read,
  };
}
