import { mkdirSync } from 'node:fs';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { reasonOf } from '../kit/reason-of.ts';

/**
 * Makes the state folder where it is missing, for its owner only: keys and captured passwords lie in it. One that is
 * there keeps its mode. Throws BAD_CONFIGURATION where it cannot be made.
 */
export function makeStateDir(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CerberusError(
      'BAD_CONFIGURATION',
      `${path} must be a folder that this user can write (${reasonOf(cause)}); make it, or set CERBERUS_DATA_DIR to another.`,
      cause,
    );
  }
}
