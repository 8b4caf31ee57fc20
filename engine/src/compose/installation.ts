import { createHash } from 'node:crypto';

/** What tells our resources from those of another installation, in tags and labels that everybody may see. */
export function installationOf(installKey: Uint8Array): string {
  return createHash('sha256').update(installKey).digest('hex').slice(0, 16);
}
