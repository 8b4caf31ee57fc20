import { randomUUID } from 'node:crypto';
import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { createDistribute } from '../../collect/streams/distribute.ts';
import { storedChannel } from '../../collect/streams/stream-names.ts';
import { createTakeParts } from '../../collect/streams/take-parts.ts';
import { createRedisLink, RedisFault } from '../../kit/redis-link.ts';
import { listenToChannel } from '../../kit/redis-listen.ts';
import { createSealBox } from '../../kit/seal-box.ts';
import type { BatchReport, Pipeline } from '../../pipeline.ts';
import type { WatchedSource } from '../../serve/health.ts';
import { isWorthRetrying } from '../../store/database.ts';
import { findFeedPositions, isFeedMoved } from '../../store/feeds.ts';
import { createPartitionLeases } from '../../store/partition-leases.ts';
import { isSourceMoved, keepPosition, sourceMoved } from '../../store/sources.ts';
import type { Ground } from '../ground.ts';
import { hearLive, tellLive } from './relay-live.ts';
import type { Role } from './roles.ts';
import { work } from './work.ts';

export interface Streams {
  /** For all that reads: stores here, or has it stored by a worker. */
  readonly pipeline: Pipeline;
  watched(): readonly WatchedSource[];
  run(): Promise<void>[];
}

type StreamGround = Pick<Ground, 'config' | 'clock' | 'log' | 'database' | 'bus'>;

/** Longer than any command takes; the wait for new lines is shorter. */
const commandTimeoutMs = 10_000;
/** After the end was asked for, what is under way is still waited for. */
const drainMs = 5_000;
/** Whoever pushes hears after this that it takes too long, and may send it again: it is not stored twice. */
const pushWaitMs = 25_000;

/** How lines come from whoever reads them to whoever stores them: at once, or over Redis. @throws CerberusError BAD_CONFIGURATION */
export function composeStreams(
  ground: StreamGround,
  options: {
    readonly role: Role;
    readonly pipeline: Pipeline;
    readonly onStored: (report: BatchReport) => void;
    readonly signal: AbortSignal;
  },
): Streams {
  const { role, pipeline } = options;
  if (role === 'up') return { pipeline, watched: () => [], run: () => [] };
  const url = ground.config.redis.url?.reveal();
  if (url === undefined) {
    const detail = `REDIS_URL is not set, and \`cerberus ${role}\` needs the Redis that stands between the roles. Everything in one process: \`cerberus up\`.`;
    throw new CerberusError('BAD_CONFIGURATION', detail);
  }
  const streams =
    role === 'worker' ? composeWorker(ground, { ...options, url }) : composeDistribution(ground, { ...options, url });
  return { ...streams, run: () => [...streams.run(), ...relayLive(ground, role, url, options.signal)] };
}

/** What happens where sources are read and lines are stored is shown where people look. */
function relayLive(
  { config, clock, bus }: StreamGround,
  role: Role,
  url: string,
  signal: AbortSignal,
): Promise<void>[] {
  const box = createSealBox(config.redis.key, 'live');
  if (role === 'serve') return [hearLive({ url, box, bus, clock, signal })];
  tellLive({ url, box, bus, signal });
  return [];
}

function composeWorker(
  { config, clock, log, database }: StreamGround,
  options: { url: string; pipeline: Pipeline; onStored: (report: BatchReport) => void; signal: AbortSignal },
): Streams {
  const { url, pipeline, onStored, signal } = options;
  const { partitions, key } = config.redis;
  let trouble: string | undefined;
  const leases = createPartitionLeases({ url: database.url, partitions });
  const run = () =>
    work({
      take: createTakeParts({
        ...{ partitions, box: createSealBox(key, 'streams') },
        reading: createRedisLink(url, commandTimeoutMs),
        telling: createRedisLink(url, commandTimeoutMs),
      }),
      ...{ leases, pipeline, clock, signal },
      findStored: (feedIds) => findFeedPositions(database.pool, feedIds),
      onStored(report) {
        trouble = undefined;
        onStored(report);
      },
      isWorthRetrying: (error) => error instanceof RedisFault || isFeedMoved(error) || isWorthRetrying(error),
      onTrouble(error) {
        trouble = 'Redis or the database does not answer; the lines wait.';
        log.warn({ err: error }, 'Lines could not be taken or stored; they are tried again, nothing is lost.');
      },
      onUnreadable: (count) =>
        log.warn(
          { count },
          'Entries of Redis do not open; is CERBERUS_REDIS_KEY the same everywhere? They are put again.',
        ),
    });
  return {
    pipeline,
    watched: () => [watchedStreams(trouble)],
    run: () => [run()],
  };
}

function composeDistribution(
  { config, clock, log, database }: StreamGround,
  options: { url: string; pipeline: Pipeline; signal: AbortSignal },
): Streams {
  const { url, signal } = options;
  const { partitions, key } = config.redis;
  const link = createRedisLink(url, commandTimeoutMs);
  const distribute = createDistribute({
    ...{ link, partitions, clock, newId: randomUUID, box: createSealBox(key, 'streams') },
    findStored: (feedIds) => findFeedPositions(database.pool, feedIds),
    keepPosition: (source, batch) => keepPosition(database, source, batch),
    isMoved: isSourceMoved,
    movedError: sourceMoved,
    // Its position is a place in a file, which is still there.
    mayReadAhead: ({ kind }) => kind === 'cowrie log',
    onWait: (why) => log.warn({ why }, 'Lines cannot be handed to the workers; their sources wait, nothing is lost.'),
    onGoOn: () => log.info({}, 'Lines are handed to the workers again.'),
  });

  return {
    pipeline: { ...options.pipeline, onLines },
    watched: () => [watchedStreams(distribute.problem())],
    run: () => [
      distribute.run(signal, drainMs).finally(link.close),
      listenToChannel({ ...{ url, channel: storedChannel, clock, signal }, heard: distribute.storedSomewhere }),
    ],
  };

  async function onLines(batch: LineBatch, source: SourceIdentity): Promise<BatchReport> {
    const stored = distribute.onLines(batch, source);
    if (source.kind !== 'http' && source.kind !== 'sensor') return await stored;
    const answered = new AbortController();
    try {
      return await Promise.race([stored, tooLate(answered.signal)]);
    } finally {
      answered.abort();
    }
  }

  async function tooLate(answered: AbortSignal): Promise<never> {
    await clock.sleep(pushWaitMs, answered);
    const detail = `No worker has stored this within ${pushWaitMs / 1000} s. Send it again, with the same key.`;
    throw new CerberusError('DATABASE_AWAY', detail);
  }
}

function watchedStreams(problem: string | undefined): WatchedSource {
  return {
    ...{ sourceId: 'redis streams', sensor: null, kind: 'redis streams', active: problem === undefined },
    ...{ lagBytes: null, lastEventAt: null },
    ...(problem === undefined ? {} : { problem }),
  };
}
