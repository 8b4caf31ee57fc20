import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const queue = z.strictObject({
  url: value.redisUrl.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_REDIS_LOG_URL',
    help: "The Redis (6.2 or newer) that Cowrie's output_redis writes to; rediss:// for TLS.",
    example: 'redis://:password@192.0.2.20:6379/0',
    treat: 'secret',
  }),
  key: value.text.clone().default('cowrie').register(settingNotes, {
    env: 'CERBERUS_REDIS_LOG_KEY',
    help: "Cowrie's keyname: of the list, or of the channel.",
    example: 'cowrie',
  }),
  method: value.redisMethod.default('lpush').register(settingNotes, {
    env: 'CERBERUS_REDIS_LOG_METHOD',
    help: "Cowrie's send_method: lpush, rpush or publish. With publish, what is said while we are away is lost.",
    example: 'lpush',
  }),
});
