import type { Account } from '@cerberusmesh/contract/account';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Box } from '../../kit/box.ts';
import type { Clock } from '../../kit/clock.ts';
import { hashOfRecoveryCode, makeRecoveryCodes, makeTotp, stepOfCode } from './second-factor.ts';

/** What is kept of authenticators; `store/users.ts` is one. */
export interface SecondFactorStore {
  offerTotp(user: Account, sealed: Uint8Array): Promise<void>;
  confirmTotp(user: Account, step: number, recoveryHashes: readonly Uint8Array[], actor: string): Promise<void>;
  takeTotpStep(user: Account, step: number): Promise<boolean>;
  takeRecoveryCode(user: Account, hash: Uint8Array): Promise<boolean>;
}

export interface SecondFactors {
  /** What an authenticator must be told. It is asked for only after `confirm`. @throws CerberusError CONFLICT where there is one */
  offer(user: Account): Promise<{ readonly secret: string; readonly uri: string }>;
  /** @returns the recovery codes, which are kept nowhere. @throws CerberusError SIGN_IN_FAILED, CONFLICT */
  confirm(user: Account, code: string, actor: string): Promise<string[]>;
  /** By what the code lets him in; undefined where it does not. Each code is good once. */
  takes(user: Account, code: string): Promise<'authenticator' | 'recovery code' | undefined>;
}

/** Authenticators (TOTP) and recovery codes; secrets are sealed in the database, and a code is taken once. */
export function createSecondFactors(parts: {
  readonly store: SecondFactorStore;
  readonly box: Box;
  readonly clock: Pick<Clock, 'now'>;
}): SecondFactors {
  const { store, box, clock } = parts;

  return {
    async offer(user) {
      if (user.totpConfirmed) throw new CerberusError('CONFLICT', 'There is an authenticator; take it away first.');
      const made = makeTotp(user.name);
      await store.offerTotp(user, box.seal(made.secret, user.id));
      return made;
    },
    async confirm(user, code, actor) {
      if (user.totpConfirmed || user.totpSealed === null)
        throw new CerberusError('CONFLICT', 'No authenticator waits to be confirmed; ask for one first.');
      const step = stepOfCode(box.open(user.totpSealed, user.id), code, clock.now());
      if (step === undefined)
        throw new CerberusError('SIGN_IN_FAILED', 'This is not the code of now; is the clock of the device right?');
      const codes = makeRecoveryCodes();
      await store.confirmTotp(user, step, codes.map(hashOfRecoveryCode), actor);
      return codes;
    },
    async takes(user, code) {
      if (user.totpSealed === null) return undefined;
      const step = stepOfCode(box.open(user.totpSealed, user.id), code, clock.now());
      if (step !== undefined) return (await store.takeTotpStep(user, step)) ? 'authenticator' : undefined;
      return (await store.takeRecoveryCode(user, hashOfRecoveryCode(code))) ? 'recovery code' : undefined;
    },
  };
}
