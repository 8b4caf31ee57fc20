import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeKeyPair, publicKeyOf } from './key-pair.ts';

describe('a key pair that is made', () => {
  it('is whole, also where its point begins with a zero byte', () => {
    // One of 256 does: of 3,000 there is none with a chance of 1 in 100,000.
    for (let made = 0; made < 3000; made++) {
      const { privateKey, publicKey } = makeKeyPair();
      expect(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')).toHaveLength(51);
      expect(publicKeyOf(privateKey)).toEqual({ publicKey });
    }
  });

  it('is read by ssh-keygen, which finds the same public key in it', () => {
    const { privateKey, publicKey } = makeKeyPair();
    const folder = mkdtempSync(join(tmpdir(), 'cerberus-pair-'));
    try {
      writeFileSync(join(folder, 'key'), privateKey, { mode: 0o600 });
      expect(execFileSync('ssh-keygen', ['-y', '-f', join(folder, 'key')], { encoding: 'utf8' }).trim()).toBe(
        publicKey,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
