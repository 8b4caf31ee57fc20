import { CerberusError } from '@cerberusmesh/contract/errors';
import { reasonOf } from '../kit/reason-of.ts';
import { isDatabaseAway } from '../store/database.ts';

/** For whoever does not wait until the database is back. @throws CerberusError DATABASE_AWAY, or the error itself where it is another. */
export function giveUpWaiting(error: unknown): never {
  if (!isDatabaseAway(error)) throw error;
  throw new CerberusError('DATABASE_AWAY', `Start it, or put DATABASE_URL right (${reasonOf(error)}).`, error);
}
