import type { Redis } from 'ioredis';
import type { RedisLink } from '../../kit/redis-link.ts';
import { streamOf } from './stream-names.ts';

/** A part on its way: its bytes are kept until it is stored, because Redis may lose them. */
export interface SealedPart {
  readonly partition: number;
  readonly bytes: Buffer;
}

/** Puts parts onto their streams. @returns the ids of the entries. @throws what Redis says; some may be there then. */
export async function putParts(link: RedisLink, partitions: number, parts: readonly SealedPart[]): Promise<string[]> {
  return await link.use(async (redis) => {
    const puts = redis.pipeline();
    for (const { partition, bytes } of parts) puts.xadd(streamOf(partition, partitions), '*', 'e', bytes);
    return (await answersOf(puts)).map(String);
  });
}

/**
 * The first entry of each of these streams; undefined where it is empty. What was put before it is there no more: taken
 * off, or lost.
 */
export async function findFirst(
  link: RedisLink,
  partitions: number,
  of: readonly number[],
): Promise<Map<number, string | undefined>> {
  if (of.length === 0) return new Map();
  return await link.use(async (redis) => {
    const looks = redis.pipeline();
    for (const partition of of) looks.xrange(streamOf(partition, partitions), '-', '+', 'COUNT', 1);
    const answers = await answersOf(looks);
    return new Map(of.map((partition, at) => [partition, firstIdIn(answers[at])]));
  });
}

/** [[id, fields]] */
function firstIdIn(answer: unknown): string | undefined {
  const first: unknown = Array.isArray(answer) ? answer[0] : undefined;
  return Array.isArray(first) ? String(first[0]) : undefined;
}

/** Ids are milliseconds and a number within them. */
export function isBefore(entryId: string, other: string): boolean {
  const [ms = 0, count = 0] = entryId.split('-').map(Number);
  const [otherMs = 0, otherCount = 0] = other.split('-').map(Number);
  return ms === otherMs ? count < otherCount : ms < otherMs;
}

/** @throws the first failure among them. */
export async function answersOf(commands: ReturnType<Redis['pipeline']>): Promise<unknown[]> {
  const answers = (await commands.exec()) ?? [];
  const failed = answers.find(([error]) => error !== null);
  if (failed?.[0]) throw failed[0];
  return answers.map(([, answer]) => answer);
}
