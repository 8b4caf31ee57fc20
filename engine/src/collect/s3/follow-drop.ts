import type { LineBatch, RawLine } from '@cerberusmesh/contract/raw-line';
import type { Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { backoffMs } from '../../kit/retry.ts';
import { createLineSplitter } from '../line-splitter.ts';
import type { Source } from '../source.ts';
import { createBucket } from './bucket.ts';
import { type DropObject, openDropStand } from './drop-stand.ts';
import { inflateObject, inflationMax } from './inflate-object.ts';
import type { S3Access } from './open-client.ts';

export interface FollowDropOptions extends S3Access {
  readonly sourceId: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly pollSeconds: number;
  /** A larger object is not read. */
  readonly objectBytesMax: number;
  /** As stored; anything else than a position of this source counts as none. */
  readonly position: unknown;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** As of a followed log: small enough that assessing a batch does not hold the API up. */
const batchBytes = 128 * 1024;
const lineBytesMax = 16 * 1024 * 1024;
const backoff = { firstMs: 2_000, maxMs: 300_000 };

/**
 * Reads a folder of a bucket: each object once, the oldest first, and again where another content was put in its place.
 * An object is streamed, and gone on with in its middle after a restart. Nothing in the bucket is changed.
 */
export function createFollowDrop(options: FollowDropOptions): Source {
  const { sourceId, clock, signal } = options;
  const place = `s3://${options.bucket}/${options.prefix}`;
  const bucket = createBucket(options);
  let stand = openDropStand(options.position);
  let durable = options.position;
  let lines: RawLine[] = [];
  let readBytes = 0;
  let unreadBytes: number | null = null;
  let problem: string | undefined = 'It was not looked at yet.';
  const leftOut = { count: 0, last: '' };

  return {
    state() {
      const told = problem ?? tellLeftOut();
      return { active: problem === undefined, unreadBytes, ...(told === undefined ? {} : { problem: told }) };
    },
    async *batches() {
      try {
        for (let failures = 0; !signal.aborted; ) {
          let waitMs = options.pollSeconds * 1000;
          try {
            const unread = await bucket.listUnread(stand.isRead);
            unreadBytes = unread.bytes;
            problem = undefined;
            yield* readAll(unread.oldest);
            failures = 0;
            if (unread.isMore) continue;
          } catch (error) {
            if (signal.aborted) break;
            problem = explain(place, error);
            waitMs = Math.max(waitMs, backoffMs(failures++, backoff));
            goBack();
          }
          await clock.sleep(waitMs, signal);
        }
      } finally {
        await bucket.close();
      }
    },
  };

  async function* readAll(objects: readonly DropObject[]): AsyncGenerator<LineBatch> {
    let isNew = false;
    for (const object of objects) {
      yield* readObject(object);
      if (signal.aborted) return;
      stand.finish(object, clock.now().getTime());
      isNew = true;
      unreadBytes = Math.max(0, (unreadBytes ?? 0) - object.bytes);
      if (readBytes >= batchBytes) {
        yield takeBatch();
        isNew = false;
      }
    }
    if (isNew) yield takeBatch();
  }

  /** Gives batches out where they are full, and leaves the rest in `lines` for the objects after it. */
  async function* readObject(object: DropObject): AsyncGenerator<LineBatch> {
    const whyNot = whyUnreadable(object);
    if (whyNot !== undefined) return leaveOut(object, whyNot);
    const body = await bucket.open(object);
    // Gone, or another content by now: the next look finds that.
    if (body === undefined) return;
    const splitter = createLineSplitter({ lineBytesMax });
    let skip = stand.durableTextBytes(object);
    let given = skip;
    for await (const piece of inflateObject(body, Math.max(object.bytes, batchBytes) * inflationMax)) {
      if (signal.aborted) return;
      if (piece.kind === 'damaged') return leaveOut(object, piece.why);
      const chunk = piece.chunk.subarray(skip);
      skip -= piece.chunk.length - chunk.length;
      for (let at = 0; at < chunk.length; at += batchBytes) {
        given += take(splitter.push(chunk.subarray(at, at + batchBytes)));
        if (readBytes < batchBytes) continue;
        stand.reach(object, given);
        yield takeBatch();
      }
    }
    const rest = splitter.end();
    if (rest !== null) take([rest]);
  }

  function whyUnreadable({ bytes, storageClass }: DropObject): string | undefined {
    if (bytes > options.objectBytesMax) return `it has ${bytes} bytes, more than CERBERUS_S3_OBJECT_MEGABYTES allow`;
    const isArchived = storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';
    return isArchived ? `it lies in ${storageClass}; restore and copy it` : undefined;
  }

  function leaveOut({ key }: DropObject, why: string): void {
    leftOut.count++;
    leftOut.last = `${key.slice(0, 200)}: ${why}`;
  }

  function tellLeftOut(): string | undefined {
    const { count, last } = leftOut;
    if (count === 0) return undefined;
    return `${count} objects of ${place} were not read to their end since the start (the last: ${last}); put whole ones in their place.`;
  }

  /** @returns the bytes that they cover. */
  function take(more: readonly RawLine[]): number {
    const bytes = more.reduce((sum, { coveredBytes }) => sum + coveredBytes, 0);
    for (const line of more) lines.push(line);
    readBytes += bytes;
    return bytes;
  }

  function takeBatch(): LineBatch {
    durable = stand.nextPosition();
    const batch = { sourceId, lines, readBytes, position: durable };
    lines = [];
    readBytes = 0;
    return batch;
  }

  /** What was read and not given out is read again. */
  function goBack(): void {
    stand = openDropStand(durable);
    lines = [];
    readBytes = 0;
  }
}

function explain(place: string, error: unknown): string {
  const why = reasonOf(error).slice(0, 300);
  return `${place} cannot be read (${why}); put CERBERUS_S3_DROPS, the AWS_ settings or the rights that docs/aws.md names right.`;
}
