import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const mesh = z.strictObject({
  hubHost: value.text.clone().default('127.0.0.1').register(settingNotes, {
    env: 'CERBERUS_HUB_HOST',
    help: 'Address at which sensors on other machines come in, over TLS with a certificate of our own.',
    example: '0.0.0.0',
  }),
  hubPort: value.wholeNumber(0, 65_535).nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_HUB_PORT',
    help: 'Its port; without it there is no hub. 0 takes any free one.',
    example: '7443',
  }),
  silentSeconds: value.wholeNumber(10, 86_400).default(120).register(settingNotes, {
    env: 'CERBERUS_SENSOR_SILENT_SECONDS',
    help: 'A sensor that was not heard of for so long is told of as silent.',
    example: '120',
  }),
  quietHours: value.wholeNumber(1, 8_760).default(24).register(settingNotes, {
    env: 'CERBERUS_SENSOR_QUIET_HOURS',
    help: 'A sensor that is there and has sent no event for so long is told of too.',
    example: '24',
  }),
  spoolMb: value.wholeNumber(1, 1_000_000).default(256).register(settingNotes, {
    env: 'CERBERUS_SPOOL_MB',
    help: "Of `cerberus sensor`: megabytes kept on its disk while the hub is away. When they are full, Cowrie's log waits.",
    example: '256',
  }),
});
