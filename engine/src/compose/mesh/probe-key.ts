import { createHmac } from 'node:crypto';

/**
 * The key of probe marks on one sensor of the mesh. Ours never leaves this machine: who took a sensor over learns a key
 * that keeps visits out of the statistics of that sensor, and of no other.
 */
export function probeKeyOf(installKey: Uint8Array, sensor: string): Buffer {
  return createHmac('sha256', installKey).update(`probe of ${sensor}`).digest();
}
