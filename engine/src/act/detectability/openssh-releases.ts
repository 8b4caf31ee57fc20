import type { Offer } from './greeting.ts';

/** What `sshd` offers as it is built, by release: read from servers of these releases and their manual pages. */
interface Release {
  readonly from: number;
  readonly kex: readonly string[];
}

const curves = ['curve25519-sha256', 'curve25519-sha256@libssh.org'];
const nist = ['ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521'];
const groups = [
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
  'diffie-hellman-group14-sha256',
];
const sntrup = 'sntrup761x25519-sha512@openssh.com';
const sntrupNames = ['sntrup761x25519-sha512', sntrup];
const mlkem = 'mlkem768x25519-sha256';

const releases: readonly Release[] = [
  { from: 10.0, kex: [mlkem, ...sntrupNames, ...curves, ...nist, ...groups] },
  { from: 9.9, kex: [...sntrupNames, mlkem, ...curves, ...nist, ...groups] },
  { from: 9.0, kex: [sntrup, ...curves, ...nist, ...groups] },
  { from: 8.9, kex: [...curves, ...nist, sntrup, ...groups] },
  { from: 8.2, kex: [...curves, ...nist, ...groups] },
  { from: 7.3, kex: [...curves, ...nist, ...groups, 'diffie-hellman-group14-sha1'] },
];

const macs = [
  ...['umac-64-etm@openssh.com', 'umac-128-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com'],
  ...['hmac-sha2-512-etm@openssh.com', 'hmac-sha1-etm@openssh.com', 'umac-64@openssh.com', 'umac-128@openssh.com'],
  ...['hmac-sha2-256', 'hmac-sha2-512', 'hmac-sha1'],
];
const ctr = ['aes128-ctr', 'aes192-ctr', 'aes256-ctr'];
const gcm = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'];
const chacha = 'chacha20-poly1305@openssh.com';

/** Signs that distributions add to any release, in fixes of their own. */
const addedByFixes = new Set(['kex-strict-s-v00@openssh.com', 'ext-info-s', 'sntrup761x25519-sha512']);

/** In which lists this offer is not that of the OpenSSH that the banner names; undefined where it names none that is known. */
export function compareToRelease(ident: string, offer: Offer): string[] | undefined {
  const version = Number(/OpenSSH_(\d+\.\d+)/.exec(ident)?.[1]);
  const release = releases.find(({ from }) => version >= from);
  if (!release) return undefined;
  const ciphers = version >= 10 ? [chacha, ...gcm, ...ctr] : [chacha, ...ctr, ...gcm];
  return [
    ...differences('key exchange', offer.kex, release.kex),
    ...differences('cipher', offer.ciphers, ciphers),
    ...differences('MAC', offer.macs, macs),
    ...differences('compression', offer.compression, ['none', 'zlib@openssh.com']),
  ];
}

function differences(what: string, offered: readonly string[], built: readonly string[]): string[] {
  const plain = offered.filter((name) => !addedByFixes.has(name));
  const expected = built.filter((name) => !addedByFixes.has(name));
  const missing = expected.filter((name) => !plain.includes(name));
  const foreign = plain.filter((name) => !expected.includes(name));
  if (missing.length > 0 || foreign.length > 0)
    return [
      `${what}: ${[...foreign.map((name) => `has ${name}`), ...missing.map((name) => `lacks ${name}`)].join(', ')}`,
    ];
  return plain.join() === expected.join() ? [] : [`${what}: another order`];
}
