import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const redis = z.strictObject({
  url: value.redisUrl.clone().nullable().default(null).register(settingNotes, {
    env: 'REDIS_URL',
    help: 'Redis (6.2 or newer) between the roles, and for answers that engines share; rediss:// for TLS. `cerberus up` needs none.',
    example: 'rediss://:password@192.0.2.30:6379/1',
    treat: 'secret',
  }),
  key: value.masterKey.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_REDIS_KEY',
    help: 'What we put into Redis is sealed under this (AES-256-GCM); the same for every role.',
    example: 'the output of `openssl rand -hex 32`',
    treat: 'secret',
  }),
  partitions: value.wholeNumber(1, 256).default(16).register(settingNotes, {
    env: 'CERBERUS_PARTITIONS',
    help: 'Streams that sessions are spread over, and so the most workers that have work; the same for every role.',
    example: '16',
  }),
  host: value.text.default('localhost').register(settingNotes, {
    env: 'REDIS_HOST',
    help: 'Another way to name a Redis without a password, where REDIS_URL does not.',
    example: 'localhost',
  }),
  port: value.wholeNumber(1, 65_535).default(6379).register(settingNotes, {
    env: 'REDIS_PORT',
    help: 'Its port, beside REDIS_HOST.',
    example: '6379',
  }),
  db: value.wholeNumber(0, 1_000).default(1).register(settingNotes, {
    env: 'REDIS_DB',
    help: 'Its database number, beside REDIS_HOST.',
    example: '1',
  }),
});
