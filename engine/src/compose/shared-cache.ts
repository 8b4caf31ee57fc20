import { createHmac, hkdf } from 'node:crypto';
import { promisify } from 'node:util';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { z } from 'zod';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { createRedisLink, RedisFault, type RedisLink } from '../kit/redis-link.ts';
import { openSealedBytes, sealBytes } from '../kit/seal-bytes.ts';

/** Answers that cost somebody's money or time, kept in Redis for all engines that share it. */
export interface SharedCache {
  /** Undefined where it is not known, not of this shape, or Redis is away. Never throws. */
  find<T>(kind: CacheKind, key: string, shape: z.ZodType<T>): Promise<T | undefined>;
  /** Does not throw where Redis is away: it is asked for anew another time. */
  keep(kind: CacheKind, key: string, value: unknown, keepSeconds: number): Promise<void>;
  close(): void;
}

export type CacheKind = 'reputation' | 'reading' | 'hash';

const boundText = 'cerberusmesh cache';
const commandTimeoutMs = 250;
/** Redis that is away is left alone for so long, so that an outage costs one wait and not one a question. */
const restMs = 5_000;
const hkdfAside = promisify(hkdf);

/**
 * Off without REDIS_URL. Keys are hashed and values sealed (AES-256-GCM) under CERBERUS_REDIS_KEY, or without one under a key of
 * this installation: who reads Redis learns nothing, and what he puts there opens for nobody.
 */
export async function openSharedCache(parts: {
  readonly config: Pick<Config, 'redis'>;
  readonly installKey: Uint8Array;
  readonly registry: Registry;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}): Promise<SharedCache> {
  const { config, installKey, registry, clock, log } = parts;
  const { url, key: given } = config.redis;
  if (url === null) return nothing;
  const secret = given === null ? installKey : Buffer.from(given.reveal());
  const key = new Uint8Array(await hkdfAside('sha256', secret, '', boundText, 32));
  const found = countLookups(registry);
  const link = createRedisLink(url.reveal(), commandTimeoutMs);
  const use = createPatience(link, clock, log);

  return {
    async find(kind, asked, shape) {
      const name = nameOf(kind, asked);
      const sealed = await use((redis) => redis.getBuffer(name));
      const opened = sealed ? openSealedBytes((number) => (number === 0 ? key : undefined), sealed, name) : undefined;
      const value = opened && shape.safeParse(parseJson(opened)).data;
      found(kind, value !== undefined);
      return value;
    },
    async keep(kind, asked, value, keepSeconds) {
      const name = nameOf(kind, asked);
      const sealed = sealBytes(key, 0, Buffer.from(JSON.stringify(value)), name);
      await use((redis) => redis.set(name, sealed, 'EX', Math.max(1, Math.trunc(keepSeconds))));
    },
    close: link.close,
  };

  function nameOf(kind: CacheKind, asked: string): string {
    return `cerberus:cache:${kind}:${createHmac('sha256', key).update(`${kind}\0${asked}`).digest('base64url')}`;
  }
}

const nothing: SharedCache = {
  find: async () => undefined,
  keep: async () => undefined,
  close: () => undefined,
};

/** Undefined for an answer that could not be had; said once an outage. */
function createPatience(link: RedisLink, clock: Pick<Clock, 'now'>, log: Pick<Log, 'info' | 'warn'>) {
  let restedAtMs: number | undefined;

  return async function use<T>(work: Parameters<typeof link.use<T>>[0]): Promise<T | undefined> {
    const nowMs = clock.now().getTime();
    // Both ways: a clock may be set back.
    if (restedAtMs !== undefined && Math.abs(nowMs - restedAtMs) < restMs) return undefined;
    try {
      const answer = await link.use(work);
      if (restedAtMs !== undefined) log.info({}, 'The cache in Redis is back.');
      restedAtMs = undefined;
      return answer;
    } catch (error) {
      if (!(error instanceof RedisFault)) throw error;
      if (restedAtMs === undefined) log.warn({ err: error }, 'The cache in Redis does not answer; it goes on without.');
      restedAtMs = nowMs;
      return undefined;
    }
  };
}

function countLookups(registry: Registry): (kind: CacheKind, isFound: boolean) => void {
  const registers = [registry];
  const counter = new Counter({
    ...{ name: 'cerberus_shared_cache_lookups_total', help: 'Answers looked for in Redis.', registers },
    labelNames: ['kind', 'found'],
  });
  const totals = { found: 0, asked: 0 };
  new Gauge({
    ...{ name: 'cerberus_shared_cache_hit_ratio', help: 'Answers that were found in Redis, 0 to 1.', registers },
    collect() {
      if (totals.asked === 0) this.remove();
      else this.set(totals.found / totals.asked);
    },
  });
  return (kind, isFound) => {
    counter.inc({ kind, found: isFound ? 'yes' : 'no' });
    totals.asked++;
    if (isFound) totals.found++;
  };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
