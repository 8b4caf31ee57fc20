import { z } from 'zod';
import { Heartbeat, SensorName } from './mesh.ts';

/** A honeypot that was made known to us: `mesh` for one with a sensor beside it elsewhere, else as it was launched. */
export const SensorRecord = z.object({
  sensor: z.string(),
  kind: z.string(),
  /** Its address as we see it, or where it was launched. */
  place: z.string(),
  enrolled_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  last_seen: z.string().nullable(),
  /** Its clock before (positive) or behind ours when it last spoke; the way of the message is in it. */
  clock_skew_ms: z.number().nullable(),
  /** What is wrong: silent, log, spool, clock or quiet; null while all is well. */
  alert: z.string().nullable(),
  alert_since: z.string().nullable(),
  /** What it last said of itself. */
  heartbeat: Heartbeat.nullable(),
});
export type SensorRecord = Readonly<z.infer<typeof SensorRecord>>;
export const SensorList = z.object({ data: z.array(SensorRecord), next_cursor: z.null() });

export const InviteRequest = z.strictObject({ sensor: SensorName });
/** Shown this once. */
export const Invitation = z.object({
  sensor: SensorName,
  token: z.string().describe('Good once, for a day: cerberus sensor enrol --token'),
  fingerprint: z.string().describe("Of this hub's certificate: cerberus sensor enrol --fingerprint"),
});
export type Invitation = Readonly<z.infer<typeof Invitation>>;
