import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const s3 = z.strictObject({
  drops: value.s3Places.default([]).register(settingNotes, {
    env: 'CERBERUS_S3_DROPS',
    help: 'Folders of S3 buckets whose objects are read, each once, by commas: logs, plain, gzip or bzip2.',
    example: 's3://honeypot-logs/cowrie/',
  }),
  pollSeconds: value.wholeNumber(1, 86_400).default(60).register(settingNotes, {
    env: 'CERBERUS_S3_POLL_SECONDS',
    help: 'Seconds between two looks; each lists the whole folder.',
    example: '60',
  }),
  objectMegabytesMax: value.wholeNumber(1, 5_000).default(256).register(settingNotes, {
    env: 'CERBERUS_S3_OBJECT_MEGABYTES',
    help: 'A larger object is not read but told; inflated, at most 32 times as much is read of one.',
    example: '256',
  }),
});
