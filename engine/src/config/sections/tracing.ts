import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const tracing = z.strictObject({
  otlpUrl: value.httpUrl.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_OTLP_URL',
    help: 'Where traces from line to action are sent by OTLP over HTTP; without it none are made.',
    example: 'http://127.0.0.1:4318/v1/traces',
  }),
});
