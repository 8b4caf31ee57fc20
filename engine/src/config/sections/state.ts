import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const state = z.strictObject({
  dir: value.path.clone().register(settingNotes, {
    env: 'CERBERUS_DATA_DIR',
    help: 'Folder of the embedded database, keys and logs.',
    example: '/var/lib/cerberusmesh',
    treat: 'path',
  }),
  masterKey: value.masterKey.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_MASTER_KEY',
    help: 'Opens sealed values (enc:v1:…); made by `cerberus secret key`.',
    example: 'the line that `cerberus secret key` prints',
    treat: 'secret',
    environmentOnly: true,
  }),
});
