import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const keys = z.strictObject({
  command: value.path.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_KEY_COMMAND',
    help: 'A program that is given each new private key of a managed host on standard input, with name, user, host and port as arguments, before the old key is removed.',
    example: '/usr/local/bin/take-new-key',
    treat: 'path',
  }),
});
