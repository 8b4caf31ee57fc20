import { openClient, type S3Access } from './open-client.ts';

const requestMs = 10_000;

/** Whether a folder can be listed, for those who want to know before it is read. Rejects with what S3 says. */
export async function askOnce(options: S3Access & { readonly bucket: string; readonly prefix: string }): Promise<void> {
  const { sdk, client } = await openClient(options);
  const { bucket, prefix } = options;
  try {
    const command = new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 });
    await client.send(command, { abortSignal: AbortSignal.timeout(requestMs) });
  } finally {
    client.destroy();
  }
}
