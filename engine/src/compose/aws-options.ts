import { createHash } from 'node:crypto';
import type { Config } from '../config.ts';

/** How AWS is asked; without keys the SDK finds its own. */
export function awsOptionsOf(config: Pick<Config, 'aws'>) {
  const { accessKeyId, secretAccessKey, region, endpointUrl } = config.aws;
  const credentials =
    accessKeyId === null || secretAccessKey === null
      ? null
      : { accessKeyId: accessKeyId.reveal(), secretAccessKey: secretAccessKey.reveal() };
  return { region, credentials, endpoint: endpointUrl };
}

/** What tells our resources from those of another installation, in tags and labels that everybody may see. */
export function installationOf(installKey: Uint8Array): string {
  return createHash('sha256').update(installKey).digest('hex').slice(0, 16);
}
