import { randomUUID } from 'node:crypto';
import { startSession } from '../../src/assess/assess.ts';
import { createDistribute } from '../../src/collect/streams/distribute.ts';
import { createTakeParts } from '../../src/collect/streams/take-parts.ts';
import { composePipeline } from '../../src/compose/compose-pipeline.ts';
import { followLog } from '../../src/compose/follow-log.ts';
import { work } from '../../src/compose/streams/work.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Log } from '../../src/kit/log.ts';
import { createRedisLink, RedisFault } from '../../src/kit/redis-link.ts';
import { createSealBox } from '../../src/kit/seal-box.ts';
import { isWorthRetrying } from '../../src/store/database.ts';
import { findFeedPositions, isFeedMoved } from '../../src/store/feeds.ts';
import { createPartitionLeases } from '../../src/store/partition-leases.ts';
import { findPosition, isSourceMoved, keepPosition, sourceMoved } from '../../src/store/sources.ts';
import type { TestDatabase } from './database.ts';

const partitions = 4;
const clock = systemClock;
const box = createSealBox(null, 'streams');
const timeoutMs = 10_000;

/** A worker in this process. @returns what ends it. */
export function startWork(database: TestDatabase, redisUrl: string): () => Promise<void> {
  const stopping = new AbortController();
  const running = work({
    take: createTakeParts({
      ...{ partitions, box },
      reading: createRedisLink(redisUrl, timeoutMs),
      telling: createRedisLink(redisUrl, timeoutMs),
    }),
    leases: createPartitionLeases({ url: database.url, partitions }),
    pipeline: storingIn(database),
    findStored: (feedIds) => findFeedPositions(database.pool, feedIds),
    isWorthRetrying: (error) => error instanceof RedisFault || isFeedMoved(error) || isWorthRetrying(error),
    ...{ onStored: () => undefined, onTrouble: () => undefined, onUnreadable: () => undefined },
    ...{ clock, signal: stopping.signal },
  });
  return async () => {
    stopping.abort();
    await running;
  };
}

/** Reads a log onto the streams, as the role `ingest` does. @returns what ends it. */
export function startIngest(
  database: TestDatabase,
  redisUrl: string,
  path: string,
  warn: Log['warn'],
): () => Promise<void> {
  const stopping = new AbortController();
  const link = createRedisLink(redisUrl, timeoutMs);
  const distribute = createDistribute({
    ...{ link, partitions, clock, newId: randomUUID, box },
    findStored: (feedIds) => findFeedPositions(database.pool, feedIds),
    keepPosition: (source, batch) => keepPosition(database, source, batch),
    ...{ isMoved: isSourceMoved, movedError: sourceMoved, mayReadAhead: () => true },
    ...{ onWait: () => undefined, onGoOn: () => undefined },
  });
  const log = { info: () => undefined, warn, error: warn };
  const ends: Promise<unknown>[] = [distribute.run(stopping.signal, 1000)];
  const reading = findPosition(database.pool, `cowrie log ${path}`).then(async (position) => {
    const find = (sourceId: string) => findPosition(database.pool, sourceId);
    const pipeline = { ...storingIn(database), onLines: distribute.onLines };
    await followLog({
      ...{ path, position, findPosition: find, pipeline, onStored: () => undefined, clock, log },
      signal: stopping.signal,
    }).run();
  });
  ends.push(reading);
  return async () => {
    stopping.abort();
    await Promise.allSettled(ends);
    link.close();
  };
}

function storingIn(database: TestDatabase) {
  return composePipeline({
    ...{ database, clock, timeZone: 'UTC', startSession, isProbe: () => false },
    assess: (_event, session) => ({ assessment: null, session }),
    assessFailed: (_event, error) => {
      throw error;
    },
  });
}
