import type { WatchedSensor } from '../../store/mesh-sensors.ts';

/** What may be wrong with a sensor, the gravest first. */
export type TroubleKind = 'silent' | 'log' | 'spool' | 'clock' | 'quiet';

export interface Trouble {
  readonly kind: TroubleKind;
  /** For people: what is wrong and what to do. */
  readonly sentence: string;
}

const clockSkewMsMax = 60_000;
const spoolShareMax = 0.9;

/** The gravest thing that is wrong with a sensor; undefined while all is well. */
export function findTrouble(
  { sensor, enrolledAt, lastSeen, heartbeat, clockSkewMs, lastStoredAt }: WatchedSensor,
  now: Date,
  { silentSeconds, quietHours }: { readonly silentSeconds: number; readonly quietHours: number },
): Trouble | undefined {
  const secondsSince = (at: Date) => Math.round((now.getTime() - at.getTime()) / 1000);
  const silent = secondsSince(lastSeen ?? enrolledAt);
  if (silent > silentSeconds) {
    return {
      kind: 'silent',
      sentence: `The sensor "${sensor}" was not heard of for ${silent} s: look whether its machine, its network and \`cerberus sensor\` there are up.`,
    };
  }
  if (heartbeat && !heartbeat.log.active) {
    const why = heartbeat.log.problem ?? "Cowrie's log is not there";
    return { kind: 'log', sentence: `The sensor "${sensor}" is up and cannot read: ${why}` };
  }
  if (heartbeat && heartbeat.spool.bytes > heartbeat.spool.bytesMax * spoolShareMax) {
    return {
      kind: 'spool',
      sentence: `The spool of "${sensor}" is nearly full: what this hub does not take stays in Cowrie's log, for as long as that is kept.`,
    };
  }
  if (clockSkewMs !== null && Math.abs(clockSkewMs) > clockSkewMsMax) {
    const side = clockSkewMs > 0 ? 'before' : 'behind';
    return {
      kind: 'clock',
      sentence: `The clock of "${sensor}" is ${Math.round(Math.abs(clockSkewMs) / 1000)} s ${side} ours: its events bear wrong times. Set it, and keep it by NTP.`,
    };
  }
  const quiet = secondsSince(lastStoredAt ?? enrolledAt);
  if (quiet > quietHours * 3600) {
    return {
      kind: 'quiet',
      sentence: `The sensor "${sensor}" is up and has seen nothing for ${Math.floor(quiet / 3600)} h: look whether visitors reach its honeypot.`,
    };
  }
  return undefined;
}
