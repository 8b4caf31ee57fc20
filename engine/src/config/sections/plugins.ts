import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const plugins = z.strictObject({
  dir: value.path.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_PLUGINS_DIR',
    help: 'Folder of your own sources and actions, a file each; docs/plugins.md.',
    example: '/etc/cerberusmesh/plugins',
    treat: 'path',
  }),
});
