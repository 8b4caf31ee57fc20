import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const log = z.strictObject({
  level: value.logLevel.default('info').register(settingNotes, {
    env: 'CERBERUS_LOG_LEVEL',
    help: 'DEBUG, INFO, WARNING or ERROR; --debug is the same as DEBUG.',
    example: 'INFO',
  }),
  file: value.path.clone().register(settingNotes, {
    env: 'CERBERUS_LOG_FILE',
    help: 'The rotated log file; by default logs/cerberus.log in the data folder.',
    example: '/var/log/cerberusmesh/cerberus.log',
    treat: 'path',
  }),
});
