import { createHash, generateKeyPairSync } from 'node:crypto';
import type { LureKind } from '@cerberusmesh/contract/lure';
import { ed25519KeyFile } from '../../openssh-key.ts';
import { awsAccessKeyId, awsSecretAccessKey, password, randomText } from '../adaptations/secrets.ts';

/** What a text may say of the place where it stands. */
export interface Surroundings {
  readonly hostname: string;
  /** Below it lie the hosts that lures name; whoever owns the domain points it at decoys. */
  readonly domain: string;
}

export interface MadeSecret {
  readonly text: string;
  /** What would be seen if it were used; empty for what nobody could recognise. */
  readonly marks: readonly { readonly kind: LureKind; readonly secret: string; readonly shown: string | null }[];
}

/** How a secret is made, and what stands in its place before; both of the same length for the same argument. */
export interface SecretKind {
  make(argument: string, surroundings: Surroundings): MadeSecret;
  mask(argument: string, surroundings: Surroundings): string;
}

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const small = 'abcdefghijkmnpqrstuvwxyz23456789';
const hexDigits = '0123456789abcdef';

/** What may stand in a lure's text, by the word after the name: `{{id:awsKeyId}}`, `{{db:password:18}}`. */
export const secretKinds: ReadonlyMap<string, SecretKind> = new Map<string, SecretKind>([
  ['awsKeyId', shownSecret('aws_access_key', awsAccessKeyId, () => '*'.repeat(20))],
  ['awsSecret', hiddenSecret('aws_secret_key', awsSecretAccessKey, () => '*'.repeat(40))],
  ['password', hiddenSecret('password', (length) => password(Number(length)), starsOf)],
  [
    'token',
    hiddenSecret('token', tokenOf, (form) => tokenOf(form).replace(/[^_-]+$/, (rest) => '*'.repeat(rest.length))),
  ],
  // Worth nothing by themselves, so there is nothing to mask: another one stands there before.
  [
    'hex',
    hiddenSecret(
      'token',
      (length) => randomText(hexDigits, Number(length)),
      (length) => randomText(hexDigits, Number(length)),
    ),
  ],
  ['wallet', shownSecret('wallet', walletOf, walletOf)],
  [
    'user',
    shownSecret(
      'username',
      (prefix) => `${prefix}_${randomText(small, 4)}`,
      (prefix) => `${prefix}_prod`,
    ),
  ],
  [
    'host',
    {
      make(label, { domain }) {
        const text = `${label}-${randomText(small, 4)}.${domain}`;
        return { text, marks: [{ kind: 'host', secret: text, shown: text }] };
      },
      mask: (label, { domain }) => `${label}-prod.${domain}`,
    },
  ],
  ['basic', { make: basicAuth, mask: (prefix) => Buffer.from(`${prefix}_prod:${'*'.repeat(18)}`).toString('base64') }],
  ['hostname', { make: (_, { hostname }) => ({ text: hostname, marks: [] }), mask: (_, { hostname }) => hostname }],
  ['domain', { make: (_, { domain }) => ({ text: domain, marks: [] }), mask: (_, { domain }) => domain }],
  ['sshKey', { make: (_, { hostname }) => sshKey(hostname), mask: (_, { hostname }) => sshKey(hostname).text }],
]);

type PlainParts = readonly [kind: LureKind, make: (argument: string) => string, mask: (argument: string) => string];

/** One that people are never shown. */
function hiddenSecret(...parts: PlainParts): SecretKind {
  return plainSecret(parts, () => null);
}

/** One that says little by itself, such as a name. */
function shownSecret(...parts: PlainParts): SecretKind {
  return plainSecret(parts, (text) => text);
}

function plainSecret([kind, make, mask]: PlainParts, shown: (text: string) => string | null): SecretKind {
  return {
    make(argument) {
      const text = make(argument);
      return { text, marks: [{ kind, secret: text, shown: shown(text) }] };
    },
    mask,
  };
}

/** `user:password` in base64, as HTTP and Docker write it; each part is recognised, and the whole. */
function basicAuth(prefix: string): MadeSecret {
  const [user, secret] = [`${prefix}_${randomText(small, 4)}`, password(18)];
  const text = Buffer.from(`${user}:${secret}`).toString('base64');
  return {
    text,
    marks: [
      { kind: 'username', secret: user, shown: user },
      { kind: 'password', secret, shown: null },
      { kind: 'token', secret: text, shown: null },
    ],
  };
}

/** `glpat-20`: the prefix and so many letters and digits. */
function tokenOf(form: string): string {
  const [, prefix = '', length = '0'] = /^(.*[_-])(\d+)$/.exec(form) ?? [];
  return prefix + randomText(alphanumeric, Number(length));
}

/** The form of an Ethereum address without its 0x, as key stores write it. */
function walletOf(): string {
  return randomText(hexDigits, 40);
}

function starsOf(length: string): string {
  return '*'.repeat(Number(length));
}

/** Recognised by its fingerprint in both forms: Cowrie writes MD5, everybody else SHA-256. */
function sshKey(hostname: string): MadeSecret {
  const { text, publicBlob } = ed25519KeyFile(generateKeyPairSync('ed25519').privateKey, `root@${hostname}`);
  return { text, marks: fingerprintMarks(publicBlob) };
}

/** How a key's use is recognised where only its fingerprint is told: by MD5, as old clients say it, and by SHA-256. */
export function fingerprintMarks(publicBlob: Buffer): MadeSecret['marks'] {
  const md5 = createHash('md5').update(publicBlob).digest('hex').match(/../g)?.join(':') ?? '';
  const sha256 = `SHA256:${createHash('sha256').update(publicBlob).digest('base64').replace(/=+$/, '')}`;
  return [md5, sha256].map((secret) => ({ kind: 'ssh_key', secret, shown: sha256 }));
}
