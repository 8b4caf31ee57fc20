import type { Config } from '../config.ts';

/** Where AWS is and who we are there; without a key the SDK looks for itself (a profile, the role of the machine). */
export function awsAccess(config: Pick<Config, 'aws'>) {
  const { accessKeyId, secretAccessKey, region, endpointUrl } = config.aws;
  const credentials =
    accessKeyId === null || secretAccessKey === null
      ? null
      : { accessKeyId: accessKeyId.reveal(), secretAccessKey: secretAccessKey.reveal() };
  return { region, credentials, endpoint: endpointUrl };
}
