import ssh2 from 'ssh2';
import { z } from 'zod';
import { type OpenSshKeyPair, rsaKeyPair } from '../../openssh-key.ts';
import { fingerprintMarks } from '../lures/secret-kinds.ts';
import type { Persona } from '../manifest.ts';
import { defineAdaptation } from './adaptation.ts';
import { password } from './secrets.ts';

const privatePath = '/root/.ssh/id_rsa';
const publicPath = '/root/.ssh/id_rsa.pub';
const bits = 3072;

/**
 * Before, the private key stands there under a passphrase that nobody knows; then an open one takes its place. An
 * encrypted file is 32 bytes longer inside, which a longer comment of the open one makes up for.
 */
export const sshKeys = defineAdaptation({
  name: 'SSH_KEYS',
  does: 'Puts a unique private key without a passphrase into /root/.ssh/id_rsa, and its public part beside it.',
  parameters: z.strictObject({}),
  async placeholders(persona) {
    const pair = await lockedPair(persona);
    return [
      { path: privatePath, mode: 0o600, ageDays: 301, content: pair.privateKey },
      { path: publicPath, mode: 0o644, ageDays: 301, content: publicLine(pair, persona) },
    ];
  },
  async draft(_parameters, cowrie) {
    const { persona, hotFiles } = cowrie.manifest;
    const size = hotFiles.find((file) => file.path === privatePath)?.size ?? 0;
    const pair = await openPair(size, persona);
    const blob = Buffer.from(pair.publicKey.split(' ')[1] ?? '', 'base64');
    const marks = fingerprintMarks(blob);
    return {
      texts: [
        { path: privatePath, text: pair.privateKey },
        { path: publicPath, text: publicLine(pair, persona) },
      ],
      lures: marks.map((mark) => ({ ...mark, path: privatePath })),
      details: { path: privatePath, fingerprint: marks[0]?.shown ?? '' },
    };
  },
});

async function lockedPair(persona: Persona): Promise<OpenSshKeyPair> {
  const pair = await generateLocked(commentOf(persona), password(32));
  return { privateKey: asSshKeygenWrites(pair.private), publicKey: pair.public.split(' ').slice(0, 2).join(' ') };
}

function generateLocked(comment: string, passphrase: string): Promise<{ private: string; public: string }> {
  return new Promise((resolve, reject) => {
    // 16 rounds are ssh-keygen's own default.
    const options = { bits, comment, passphrase, cipher: 'aes256-ctr', rounds: 16 };
    ssh2.utils.generateKeyPair('rsa', options, (error, pair) => (error ? reject(error) : resolve(pair)));
  });
}

/** Two primes differ by a byte now and then, so a few keys are tried before it is called a fault. */
async function openPair(size: number, persona: Persona): Promise<OpenSshKeyPair> {
  for (let attempt = 0; attempt < 4; attempt++) {
    const pairWith = await rsaKeyPair(bits);
    for (let extra = 0; extra <= 64; extra++) {
      // Blanks at the end of a comment are seen by nobody who prints it.
      const pair = pairWith(commentOf(persona) + ' '.repeat(extra));
      if (pair.privateKey.length === size) return pair;
    }
  }
  throw new Error(`no RSA key of ${bits} bits fills the ${size} bytes of ${privatePath}`);
}

function publicLine(pair: OpenSshKeyPair, persona: Persona): string {
  return `${pair.publicKey} ${commentOf(persona)}\n`;
}

function commentOf(persona: Pick<Persona, 'domain'>): string {
  // No hostname, because that is another in every persona.
  return `ops@${persona.domain}`;
}

/** In lines of 70 characters as ssh-keygen writes them; ssh2 makes them shorter. */
function asSshKeygenWrites(privateKey: string): string {
  const [begin = '', ...rest] = privateKey.trim().split('\n');
  const end = rest.pop() ?? '';
  const lines = rest.join('').match(/.{1,70}/g) ?? [];
  return `${[begin, ...lines, end].join('\n')}\n`;
}
