import { readFileSync } from 'node:fs';
import { CerberusError } from '@cerberusmesh/contract/errors';

/**
 * Reads a file that was trained. `what` names it for people, such as `a tactic model`; `read` parses its JSON.
 * @throws CerberusError MODEL_UNUSABLE where the file is absent, damaged or of another form.
 */
export function readTrainedFile<T>(path: string, what: string, read: (json: unknown) => T): T {
  try {
    return read(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new CerberusError('MODEL_UNUSABLE', `Expected ${what} at ${path}; \`cerberus train\` makes one.`, cause);
  }
}
