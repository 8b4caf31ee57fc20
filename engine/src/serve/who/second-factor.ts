import { createHash } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const periodSeconds = 30;
const issuer = 'CerberusMesh';
const recoveryCodes = 10;
const recoveryBytes = 10;

/** A secret for an authenticator (RFC 6238: SHA-1, six digits, thirty seconds, which all of them speak). */
export function makeTotp(name: string): { readonly secret: string; readonly uri: string } {
  const secret = new Secret({ size: 20 });
  return { secret: secret.base32, uri: totpOf(secret.base32, name).toString() };
}

/** The time step whose code this is, one before and one after now included; undefined where it is none of them. */
export function stepOfCode(secret: string, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const timestamp = now.getTime();
  const delta = totpOf(secret, '').validate({ token: code, timestamp, window: 1 });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / periodSeconds) + delta;
}

/** Eighty random bits each, in groups that can be read aloud. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodes }, () => {
    const letters = new Secret({ size: recoveryBytes }).base32.toLowerCase();
    return letters.replace(/(.{4})(?=.)/g, '$1-');
  });
}

/** Random, so a slow hash would add nothing. Groups and capitals do not matter. */
export function hashOfRecoveryCode(code: string): Buffer {
  return createHash('sha256').update(code.toLowerCase().replaceAll(/[\s-]/g, '')).digest();
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({ issuer, label, secret: Secret.fromBase32(secret), period: periodSeconds, digits: 6 });
}
