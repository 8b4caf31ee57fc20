import type { RedisLink } from '../../kit/redis-link.ts';
import type { SealBox } from '../../kit/seal-box.ts';
import { type FeedPart, openEntry } from './entry.ts';
import { answersOf } from './put-parts.ts';
import { consumer, consumerGroup, storedChannel, streamOf } from './stream-names.ts';

/** An entry of a stream; without `part` where it does not open. */
export interface TakenEntry {
  readonly partition: number;
  readonly entryId: string;
  readonly part: FeedPart | undefined;
}

export interface TakeParts {
  /** What was delivered to whoever owned these partitions before and is not stored, as far as he told. */
  takeUnstored(partitions: readonly number[]): Promise<TakenEntry[]>;
  /** What is new; waits for it at most `blockMs`. */
  takeNew(partitions: readonly number[], blockMs: number): Promise<TakenEntry[]>;
  /** Takes entries off their streams, which are durable or of no use, and tells those who wait for them. */
  drop(entries: readonly Pick<TakenEntry, 'partition' | 'entryId'>[]): Promise<void>;
  close(): void;
}

const entriesAtOnce = 64;

/** The streams of all partitions, as a consumer group reads them. `reading` may wait for lines, `telling` never does. */
export function createTakeParts(options: {
  readonly reading: RedisLink;
  readonly telling: RedisLink;
  /** How many there are. */
  readonly partitions: number;
  readonly box: SealBox;
}): TakeParts {
  const { reading, telling, partitions: count, box } = options;
  const partitionOf = new Map(Array.from({ length: count }, (_, partition) => [streamOf(partition, count), partition]));

  return {
    async takeUnstored(partitions) {
      const entries: TakenEntry[] = [];
      for (const partition of partitions) {
        let after = '0';
        for (;;) {
          const read = await readGroup([partition], after, null);
          entries.push(...read);
          const last = read.at(-1);
          if (last === undefined) break;
          after = last.entryId;
        }
      }
      return entries;
    },
    takeNew: (partitions, blockMs) => readGroup(partitions, '>', blockMs),
    async drop(entries) {
      if (entries.length === 0) return;
      const ids = new Map<number, string[]>();
      for (const { partition, entryId } of entries) ids.set(partition, [...(ids.get(partition) ?? []), entryId]);
      await telling.use(async (redis) => {
        const commands = redis.pipeline();
        for (const [partition, of] of ids) {
          commands.xack(streamOf(partition, count), consumerGroup, ...of);
          commands.xdel(streamOf(partition, count), ...of);
        }
        commands.publish(storedChannel, '');
        await answersOf(commands);
      });
    },
    close() {
      reading.close();
      telling.close();
    },
  };

  /** After a flush the groups are gone with the streams. */
  async function readGroup(
    partitions: readonly number[],
    after: string,
    blockMs: number | null,
  ): Promise<TakenEntry[]> {
    if (partitions.length === 0) return [];
    try {
      return await ask(partitions, after, blockMs);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOGROUP')) throw error;
      await makeGroups(partitions);
      return await ask(partitions, after, blockMs);
    }
  }

  async function ask(partitions: readonly number[], after: string, blockMs: number | null): Promise<TakenEntry[]> {
    const streams = partitions.map((partition) => streamOf(partition, count));
    const wait = blockMs === null ? [] : ['BLOCK', blockMs];
    const args = ['GROUP', consumerGroup, consumer, 'COUNT', entriesAtOnce, ...wait, 'STREAMS', ...streams];
    const answer = await reading.use(
      async (redis) => await redis.callBuffer('XREADGROUP', ...args, ...streams.map(() => after)),
    );
    return readAnswer(answer);
  }

  async function makeGroups(partitions: readonly number[]): Promise<void> {
    await reading.use(async (redis) => {
      for (const partition of partitions) {
        await redis
          .xgroup('CREATE', streamOf(partition, count), consumerGroup, '0', 'MKSTREAM')
          .catch((error: unknown) => {
            if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
          });
      }
    });
  }

  /** Stream, entries, stream, entries …; an entry is [id, [field, value]], or [id, null] where it was taken off meanwhile. */
  function readAnswer(answer: unknown): TakenEntry[] {
    const told = listOf(answer);
    // Of the older protocol, each stream is a pair of its own.
    const flat = Array.isArray(told[0]) ? told.flatMap(listOf) : told;
    const entries: TakenEntry[] = [];
    for (let at = 0; at + 1 < flat.length; at += 2) {
      const partition = partitionOf.get(String(flat[at]));
      if (partition !== undefined) entries.push(...listOf(flat[at + 1]).map((entry) => readEntry(entry, partition)));
    }
    return entries;
  }

  function readEntry(entry: unknown, partition: number): TakenEntry {
    const [id, fields] = listOf(entry);
    const value = listOf(fields)[1];
    const part = Buffer.isBuffer(value) ? openEntry(value, partition, box) : undefined;
    return { partition, entryId: String(id), part };
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
