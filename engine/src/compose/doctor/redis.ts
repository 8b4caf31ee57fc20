import type { Finding } from '@cerberusmesh/contract/doctor';
import type { Redis } from 'ioredis';
import type { Config } from '../../config.ts';
import { connectRedis } from '../../kit/redis-connection.ts';
import { fault, off, sound } from './finding.ts';
import { whyUnreachable } from './unreachable.ts';

const versionMin = [6, 2] as const;

/** The Redis between the roles, and the one that a Cowrie elsewhere sends its events to. */
export async function checkRedis(config: Config): Promise<readonly Finding[]> {
  return await Promise.all([checkOwn(config), checkLog(config)]);
}

async function checkOwn({ redis }: Config): Promise<Finding> {
  const check = 'redis';
  if (redis.url === null) return off(check, 'No Redis is named (REDIS_URL); everything in one process needs none.');
  return await asked({ check, setting: 'REDIS_URL', url: redis.url.reveal() }, async (connection) => {
    const version = /redis_version:(\S+)/.exec(await connection.info('server'))?.[1] ?? '0';
    if (isOlder(version))
      return fault(check, `Redis is ${version}, and 6.2 is needed.`, 'Update it, or name another one in REDIS_URL.');
    return sound(check, `Redis ${version} answers.`);
  });
}

async function checkLog({ queue }: Config): Promise<Finding> {
  const check = 'redis log';
  if (queue.url === null) return off(check, 'No events are taken from Redis (CERBERUS_REDIS_LOG_URL).');
  return await asked({ check, setting: 'CERBERUS_REDIS_LOG_URL', url: queue.url.reveal() }, async (connection) => {
    const type = await connection.type(queue.key);
    if (queue.method === 'publish' || type === 'none' || type === 'list')
      return sound(check, `Redis answers, and ${queue.key} can be read.`);
    const fix = "Set CERBERUS_REDIS_LOG_KEY to Cowrie's keyname.";
    return fault(check, `${queue.key} is no list at Redis, but a ${type}.`, fix);
  });
}

async function asked(
  { check, setting, url }: { check: string; setting: string; url: string },
  ask: (connection: Redis) => Promise<Finding>,
): Promise<Finding> {
  try {
    const connection = await connectRedis(url);
    try {
      return await ask(connection);
    } finally {
      connection.disconnect();
    }
  } catch (error) {
    const why = whyUnreachable(error);
    if (/WRONGPASS|NOAUTH|NOPERM/.test(why))
      return fault(check, `Redis does not let us in (${why}).`, `Put the password in ${setting} right.`);
    return fault(check, `Redis does not answer (${why}).`, `Start it, or put ${setting} right.`);
  }
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < versionMin[0] || (major === versionMin[0] && minor < versionMin[1]);
}
