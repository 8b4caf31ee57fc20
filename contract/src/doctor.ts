import { z } from 'zod';

/** `off`: not configured, and so nothing to mend. */
export const FindingState = z.enum(['sound', 'off', 'fault']);

/** What `cerberus doctor` saw of one thing. */
export const Finding = z.object({
  check: z.string(),
  state: FindingState,
  says: z.string(),
  /** What to do, in one line; only of a fault. */
  fix: z.string().nullable(),
});
export type Finding = Readonly<z.infer<typeof Finding>>;

export const DoctorReport = z.object({
  /** True where nothing is a fault. */
  sound: z.boolean(),
  findings: z.array(Finding),
});
export type DoctorReport = Readonly<z.infer<typeof DoctorReport>>;
