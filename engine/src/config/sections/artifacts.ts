import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const artifacts = z.strictObject({
  fileBytesMax: value
    .wholeNumber(1, 64 * 1024 * 1024)
    .default(16 * 1024 * 1024)
    .register(settingNotes, {
      env: 'CERBERUS_ARTIFACT_BYTES',
      help: 'Recordings and files of attackers that have more bytes are not brought in; their hashes are.',
      example: '16777216',
    }),
  bytesMax: value
    .wholeNumber(0, 1_000_000_000_000)
    .default(1024 * 1024 * 1024)
    .register(settingNotes, {
      env: 'CERBERUS_ARTIFACTS_BYTES',
      help: 'Bytes that all of them may take, compressed and sealed; those that were brought in longest ago make room. 0 keeps none.',
      example: '1073741824',
    }),
});
