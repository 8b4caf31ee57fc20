import { createHash, generateKeyPairSync } from 'node:crypto';
import ssh2 from 'ssh2';
import { ed25519KeyFile } from '../openssh-key.ts';

export interface KeyPair {
  /** OpenSSH's own form. */
  readonly privateKey: string;
  /** Type and base64, as in authorized_keys, without a comment. */
  readonly publicKey: string;
}

/**
 * Ed25519. Not made by ssh2: its generator drops a leading zero byte, so one pair in 256 (3 of 600 tried) is refused by
 * OpenSSH and the rotation fails.
 */
export function makeKeyPair(): KeyPair {
  const { text, publicBlob } = ed25519KeyFile(generateKeyPairSync('ed25519').privateKey, '');
  return { privateKey: text, publicKey: `ssh-ed25519 ${publicBlob.toString('base64')}` };
}

/** The public part of a private key; a sentence where it is none that can be used. */
export function publicKeyOf(privateKey: string): { readonly publicKey: string } | string {
  const parsed = ssh2.utils.parseKey(privateKey);
  const [key] = Array.isArray(parsed) ? parsed : [parsed];
  if (key === undefined || key instanceof Error) {
    return `Expected a private key in OpenSSH or PEM form without a pass phrase; ${key?.message ?? 'there is none'}.`;
  }
  if (!key.isPrivateKey()) return 'Expected a private key, came a public one.';
  return { publicKey: `${key.type} ${key.getPublicSSH().toString('base64')}` };
}

/** As `ssh-keygen -l` prints it, from type and base64 or from the key's bytes. */
export function fingerprintOf(key: string | Buffer): string {
  const blob = typeof key === 'string' ? Buffer.from(key.split(' ')[1] ?? '', 'base64') : key;
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The old form, hexadecimal with colons, in which Cowrie tells of a key. */
export function md5FingerprintOf(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  const hex = createHash('md5').update(blob).digest('hex');
  return (hex.match(/../g) ?? []).join(':');
}
