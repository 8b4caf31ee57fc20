import { randomInt } from 'node:crypto';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Without quotes, dollars and backslashes, so that a password can stand in a shell script and an INI file alike. */
const passwordLetters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789_-.';

/** The form of a long-term access key of an AWS user: 20 characters, 16 of them base 32. */
export function awsAccessKeyId(): string {
  return `AKIA${randomText(base32, 16)}`;
}

/** Of the form that AWS gives: 40 characters of base64. */
export function awsSecretAccessKey(): string {
  return randomText(base64, 40);
}

export function password(length: number): string {
  return randomText(passwordLetters, length);
}

/** From the system's secure random numbers: what is made of it is a secret that somebody will be known by. */
export function randomText(letters: string, length: number): string {
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('');
}
