import type { Account } from '@cerberusmesh/contract/account';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Clock } from '../../kit/clock.ts';
import type { DeviceMarks } from './device-marks.ts';
import type { Passwords } from './passwords.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Attempt, Throttle } from './throttle.ts';

const minuteMs = 60_000;
/** A person who mistypes is let be; a program that guesses is not. */
const ofAddress = { failuresMax: 30, windowMs: 15 * minuteMs };
const ofName = { failuresMax: 60, windowMs: 60 * minuteMs };
const ofAddressAndName = { failuresMax: 6, windowMs: 10 * minuteMs };
const ofDevice = { failuresMax: 10, windowMs: 10 * minuteMs };

export interface SignInTry {
  readonly name: string;
  readonly password: string;
  readonly code: string | undefined;
  /** Of one caller: a /64 of IPv6. */
  readonly address: string;
  /** What the browser kept from an earlier sign-in. */
  readonly deviceMark: string | undefined;
}

export type SignInOutcome =
  | { readonly kind: 'let_in'; readonly user: Account; readonly how: string }
  | { readonly kind: 'second_factor' };

export interface SignInParts {
  readonly findUser: (name: string) => Promise<Account | undefined>;
  readonly passwords: Passwords;
  readonly secondFactors: Pick<SecondFactors, 'takes'>;
  readonly deviceMarks: Pick<DeviceMarks, 'read'>;
  readonly throttle: Throttle;
  /** Told of each failure. */
  readonly refused: (name: string, address: string) => void;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Lets a person in by name, password and, where he has an authenticator, a code. Failures are counted by address, by
 * name and by both; but a browser that signed in as him before has a count of its own. So nobody can lock a person out
 * by guessing at his name: strangers wait, he does not.
 * @throws CerberusError SIGN_IN_FAILED, RATE_LIMITED
 */
export function createSignIn(parts: SignInParts): (given: SignInTry) => Promise<SignInOutcome> {
  const { findUser, passwords, secondFactors, deviceMarks, throttle, refused, clock } = parts;

  return async function signIn(given) {
    const user = await findUser(given.name);
    const attempts = attemptsOf(given, user);
    const waitSeconds = throttle.take(attempts);
    if (waitSeconds > 0) throw new CerberusError('RATE_LIMITED', `Too many failed; try again in ${waitSeconds} s.`);
    // Both are done for a name that nobody has, so that the time it takes says nothing.
    const isRight = await passwords.matches(given.password, user?.passwordHash ?? null);
    if (!isRight || user === undefined || user.isDisabled) return refuse(given);
    if (!user.totpConfirmed) {
      throttle.giveBack(attempts);
      return { kind: 'let_in', user, how: 'password' };
    }
    if (given.code === undefined) {
      throttle.giveBack(attempts);
      return { kind: 'second_factor' };
    }
    const how = await secondFactors.takes(user, given.code);
    if (how === undefined) return refuse(given);
    throttle.giveBack(attempts);
    return { kind: 'let_in', user, how: `password and ${how}` };
  };

  function attemptsOf({ name, address, deviceMark }: SignInTry, user: Account | undefined): Attempt[] {
    const known = deviceMark === undefined || !user ? undefined : deviceMarks.read(deviceMark, user.id, clock.now());
    if (known !== undefined) return [{ counter: ofDevice, key: `device ${known}` }];
    const asked = name.toLowerCase();
    return [
      { counter: ofAddress, key: `address ${address}` },
      { counter: ofName, key: `name ${asked}` },
      { counter: ofAddressAndName, key: `both ${address} ${asked}` },
    ];
  }

  function refuse({ name, address }: SignInTry): never {
    refused(name, address);
    throw new CerberusError('SIGN_IN_FAILED', 'Capitals count in the password; a code is good for a minute, and once.');
  }
}
