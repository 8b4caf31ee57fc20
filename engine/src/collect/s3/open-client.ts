import type { CloudWatchAccess } from '../cloudwatch/open-client.ts';

export type S3Access = CloudWatchAccess;

export type OpenedClient = Awaited<ReturnType<typeof openClient>>;

const connectMs = 10_000;
/** Without a byte for so long a connection is given up; also one that waits for us because the database is away. */
const silentMs = 60_000;

/** Loads the SDK with the first use. Another place that speaks S3 is asked by path, since its buckets have no host names. */
export async function openClient({ region, credentials, endpoint }: S3Access) {
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    region,
    ...{ retryMode: 'adaptive', maxAttempts: 5 },
    requestHandler: { connectionTimeout: connectMs, socketTimeout: silentMs },
    ...(credentials === null ? {} : { credentials }),
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
  });
  return { sdk, client };
}
