import { createHash } from 'node:crypto';
import { z } from 'zod';

/** An object as a listing tells of it. Another content has another ETag, and is another object. */
export interface DropObject {
  readonly key: string;
  readonly etag: string;
  readonly modifiedMs: number;
  readonly bytes: number;
  readonly storageClass: string;
}

const Position = z.object({
  version: z.literal(1),
  /** Counts what was given out, so that no two positions are the same. */
  batch: z.number(),
  /** What was modified at this moment or before is read. */
  settledMs: z.number(),
  /** What is read of later ones: a mark and its moment. */
  read: z.array(z.tuple([z.string(), z.number()])),
  /** Of which a part is durable. */
  half: z.object({ mark: z.string(), textBytes: z.number() }).nullable(),
});

/**
 * S3 tells when an upload began, and shows the object when it has ended: so long may one take. Objects of the time
 * before are not looked for by name any more.
 */
const lateMs = 6 * 3_600_000;
/** The position is written with every batch, so it stays small: 130 KB. Beyond it the oldest are settled, many at once. */
const readMax = 5_000;
const readKept = 4_000;

/**
 * Which objects of a folder are read. Holds as long as they are read in the order of `oldestFirst`.
 * @param position as stored; anything else than one of this source counts as none
 */
export function openDropStand(position: unknown) {
  const stored = Position.safeParse(position).data;
  let batch = stored?.batch ?? 0;
  let settledMs = stored?.settledMs ?? 0;
  let half = stored?.half ?? null;
  const read = new Map(stored?.read);

  return {
    isRead: (object: DropObject): boolean => object.modifiedMs <= settledMs || read.has(markOf(object)),
    /** Bytes of its text that are durable. */
    durableTextBytes: (object: DropObject): number => (half?.mark === markOf(object) ? half.textBytes : 0),
    reach(object: DropObject, textBytes: number): void {
      half = { mark: markOf(object), textBytes };
    },
    finish(object: DropObject, nowMs: number): void {
      half = null;
      read.set(markOf(object), object.modifiedMs);
      // Others of the same moment may follow: S3 tells whole seconds.
      const before = object.modifiedMs - 1;
      settle(Math.min(before, nowMs - lateMs));
      if (read.size > readMax) settle(Math.min(before, momentOf(read, read.size - readKept)));
    },
    nextPosition: (): z.infer<typeof Position> => ({ version: 1, batch: ++batch, settledMs, read: [...read], half }),
  };

  function settle(untilMs: number): void {
    if (untilMs <= settledMs) return;
    settledMs = untilMs;
    for (const [mark, modifiedMs] of read) if (modifiedMs <= settledMs) read.delete(mark);
  }
}

/** The order in which objects are read: by time, and by name where the times are the same. */
export function oldestFirst(one: DropObject, other: DropObject): number {
  return one.modifiedMs - other.modifiedMs || (one.key < other.key ? -1 : 1);
}

/** 72 bits: two objects of one folder do not share it by chance. */
function markOf({ key, etag }: DropObject): string {
  return createHash('sha256')
    .update(JSON.stringify([key, etag]))
    .digest('base64url')
    .slice(0, 12);
}

function momentOf(read: ReadonlyMap<string, number>, place: number): number {
  return [...read.values()].sort((one, other) => one - other)[place] ?? 0;
}
