import { z } from 'zod';

/** `pending` → `approved` or `rejected` by a person, `expired` by time, `cancelled` by the kill switch. Only `approved` acts. */
export const ApprovalStatus = z.enum(['pending', 'approved', 'rejected', 'expired', 'cancelled']);
export type ApprovalStatus = z.infer<typeof ApprovalStatus>;

export const ApprovalAnswer = z.enum(['approved', 'rejected']);
export type ApprovalAnswer = z.infer<typeof ApprovalAnswer>;

/** A question to a person; its id is the decision's. */
export interface Approval {
  readonly decisionId: string;
  readonly status: ApprovalStatus;
  readonly expiresAt: Date;
}
