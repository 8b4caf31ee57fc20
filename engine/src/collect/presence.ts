import { findLogFile } from './rotated-files.ts';
import type { TailTelemetry } from './tail-telemetry.ts';

/**
 * Tells when a file appears and vanishes. Each rotation by rename leaves the name empty for a moment, so only a file
 * that is missing twice has vanished.
 */
export function createPresence(path: string, telemetry: TailTelemetry): { look(): Promise<void>; isTold(): boolean } {
  let isThere = false;
  let missingLooks = 0;
  return { look, isTold: () => isThere };

  async function look(): Promise<void> {
    missingLooks = (await findLogFile(path)) ? 0 : missingLooks + 1;
    if (missingLooks === 0 && !isThere) telemetry.sourceAppeared({ path });
    if (missingLooks > 1 && isThere) telemetry.sourceVanished({ path });
    if (missingLooks !== 1) isThere = missingLooks === 0;
  }
}
