import { randomInt } from 'node:crypto';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Without quotes, dollars and backslashes, so that a password can stand in a shell script and an INI file alike. */
const passwordLetters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789_-.';

/** The form of a long-term access key of an AWS user: 20 characters, 16 of them base 32. */
export function awsAccessKeyId(): string {
  return `AKIA${randomText(base32, 16)}`;
}

export function awsSecretAccessKey(): string {
  return randomText(base64, 40);
}

export function password(length: number): string {
  return randomText(passwordLetters, length);
}

export function randomText(letters: string, length: number): string {
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('');
}
