import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const ml = z.strictObject({
  serviceUrl: value.httpUrl.nullable().default(null).register(settingNotes, {
    env: 'ML_SERVICE_URL',
    help: 'A `cerberus ml` that assesses instead of this process; while it is away, events wait for it as UNKNOWN.',
    example: 'http://localhost:8001',
  }),
  timeoutSeconds: value.number(0.1, 120).default(5).register(settingNotes, {
    env: 'CERBERUS_ML_TIMEOUT_SECONDS',
    help: 'How long a batch waits for that service before its events are stored without an assessment.',
    example: '5',
  }),
  host: value.text.default('127.0.0.1').register(settingNotes, {
    env: 'CERBERUS_ML_HOST',
    help: 'Address that `cerberus ml` listens on; any but loopback needs the token.',
    example: '127.0.0.1',
  }),
  port: value.wholeNumber(0, 65_535).default(8001).register(settingNotes, {
    env: 'CERBERUS_ML_PORT',
    help: 'Port that `cerberus ml` listens on; 0 takes any free one.',
    example: '8001',
  }),
  token: value.secret.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_ML_TOKEN',
    help: 'Shared by `cerberus ml` and those who ask it.',
    example: 'the output of `openssl rand -hex 32`',
    treat: 'secret',
  }),
});
