import { generateKeyPair } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';

type KeyKind = 'rsa' | 'ecdsa' | 'ed25519';

/** The decoy's host keys, made once: a host whose keys change at every start is no host. In the order asked for. */
export async function openHostKeys(folder: string, kinds: readonly KeyKind[]): Promise<string[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return await Promise.all(
    kinds.map(async (kind) => {
      const path = join(folder, `ssh_host_${kind}_key`);
      if (existsSync(path)) return readFileSync(path, 'utf8');
      const key = await makeKey(kind);
      writeFileSync(path, key, { mode: 0o600 });
      return key;
    }),
  );
}

/** The same keys as files of the machine: whoever looks at /etc/ssh finds those that he was shown. */
export function hostKeyFiles(
  keys: readonly string[],
  kinds: readonly KeyKind[],
  hostname: string,
): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [at, kind] of kinds.entries()) {
    const key = ssh2.utils.parseKey(keys[at] ?? '');
    if (key instanceof Error) continue;
    const path = `/etc/ssh/ssh_host_${kind}_key`;
    files[path] = keys[at] ?? '';
    files[`${path}.pub`] = `${key.type} ${key.getPublicSSH().toString('base64')} root@${hostname}\n`;
  }
  return files;
}

async function makeKey(kind: KeyKind): Promise<string> {
  if (kind === 'ed25519') return makeEd25519();
  if (kind === 'ecdsa') return ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
  // OpenSSL's own thread makes it: 3072 bits take most of a second.
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return privateKey;
}

/** Of a type's name and a point of 32 bytes, each behind its length. */
const wholeEd25519Bytes = 4 + 'ssh-ed25519'.length + 4 + 32;

/** ssh2 drops a leading zero byte of the point, so that one key in 256 is broken and the decoy could show no host key. */
function makeEd25519(): string {
  const made = ssh2.utils.generateKeyPairSync('ed25519');
  const blob = Buffer.from(made.public.split(' ')[1] ?? '', 'base64');
  return blob.length === wholeEd25519Bytes ? made.private : makeEd25519();
}
