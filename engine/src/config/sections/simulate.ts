import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const simulate = z.strictObject({
  targets: value.networks.default([]).register(settingNotes, {
    env: 'CERBERUS_SIMULATE_TARGETS',
    help: 'Networks of yours that `cerberus simulate` may attack and `cerberus detect` may visit, besides loopback.',
    example: 'lab=198.51.100.0/28',
  }),
  token: value.secret.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_API_TOKEN',
    help: 'The token with which `cerberus simulate` asks what was seen; the role viewer is enough.',
    example: 'the output of `cerberus token create simulate --role viewer`',
    treat: 'secret',
  }),
});
