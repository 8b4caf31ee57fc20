import type { _Object as ListedObject } from '@aws-sdk/client-s3';
import { reasonOf } from '../../kit/reason-of.ts';
import { type DropObject, oldestFirst } from './drop-stand.ts';
import { type OpenedClient, openClient, type S3Access } from './open-client.ts';

const requestMs = 30_000;
/** So many are remembered of a listing; the next listing finds the others. */
const oldestMax = 1_000;

export interface Unread {
  /** The oldest first. */
  readonly oldest: readonly DropObject[];
  readonly isMore: boolean;
  readonly bytes: number;
}

/** What is asked of a bucket. Both reject with what S3 says. */
export function createBucket(
  options: S3Access & { readonly bucket: string; readonly prefix: string; readonly signal: AbortSignal },
) {
  const { bucket: Bucket, prefix: Prefix, signal } = options;
  let opened: Promise<OpenedClient> | undefined;

  return {
    async listUnread(isRead: (object: DropObject) => boolean): Promise<Unread> {
      const { sdk, client } = await open();
      const oldest: DropObject[] = [];
      let [bytes, count] = [0, 0];
      let ContinuationToken: string | undefined;
      do {
        const command = new sdk.ListObjectsV2Command({ Bucket, Prefix, ContinuationToken, EncodingType: 'url' });
        const page = await client.send(command, { abortSignal: inTime() });
        const unread = (page.Contents ?? [])
          .map((listed) => toObject(listed, page.EncodingType === 'url'))
          .filter((object) => object.bytes > 0 && !isRead(object));
        oldest.push(...unread);
        if (oldest.length > 2 * oldestMax) oldest.sort(oldestFirst).splice(oldestMax);
        bytes += unread.reduce((sum, object) => sum + object.bytes, 0);
        count += unread.length;
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      oldest.sort(oldestFirst).splice(oldestMax);
      return { oldest, isMore: count > oldest.length, bytes };
    },

    /** Undefined where it is there no more, or with another content. */
    async open({ key, etag }: DropObject): Promise<AsyncIterable<Uint8Array> | undefined> {
      const { sdk, client } = await open();
      try {
        const command = new sdk.GetObjectCommand({ Bucket, Key: key, IfMatch: etag });
        const { Body } = await client.send(command, { abortSignal: signal });
        // `as`: in Node the SDK hands out a Readable, which its types share with the browser's stream.
        return Body as AsyncIterable<Uint8Array> | undefined;
      } catch (error) {
        if (error instanceof Error && ['NoSuchKey', 'PreconditionFailed'].includes(error.name)) return undefined;
        throw new Error(`${key.slice(0, 200)}: ${reasonOf(error)}`, { cause: error });
      }
    },

    async close(): Promise<void> {
      await opened?.then(({ client }) => client.destroy()).catch(() => undefined);
    },
  };

  function open(): Promise<OpenedClient> {
    opened ??= openClient(options);
    return opened;
  }

  function inTime(): AbortSignal {
    return AbortSignal.any([signal, AbortSignal.timeout(requestMs)]);
  }
}

/** Names come encoded where S3 does it when asked to: XML has no place for what some of them hold. */
function toObject(listed: ListedObject, isEncoded: boolean): DropObject {
  const { Key = '', ETag = '', LastModified, Size = 0, StorageClass = 'STANDARD' } = listed;
  const key = isEncoded ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key;
  return { key, etag: ETag, modifiedMs: LastModified?.getTime() ?? 0, bytes: Size, storageClass: StorageClass };
}
