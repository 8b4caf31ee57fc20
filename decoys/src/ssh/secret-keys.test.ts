import crypto, { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';

const taken = { cipher: crypto.createCipheriv, hmac: crypto.createHmac };
await import('./secret-keys.ts');

it('a key in a buffer ciphers and signs as before, each time it is used', () => {
  const [key, iv, text] = [randomBytes(32), randomBytes(16), randomBytes(100)];
  const said = taken.cipher('aes-256-ctr', key, iv).update(text);
  const code = taken.hmac('sha256', key).update(text).digest('hex');
  for (const _ of [1, 2]) {
    expect(crypto.createCipheriv('aes-256-ctr', key, iv).update(text)).toEqual(said);
    expect(crypto.createDecipheriv('aes-256-ctr', key, iv).update(said)).toEqual(text);
    expect(crypto.createHmac('sha256', key).update(text).digest('hex')).toBe(code);
  }
  expect(crypto.createHmac('sha256', 'words').update(text).digest()).toHaveLength(32);
});

it('what ssh2 is loaded with afterwards is the quick one', () => {
  expect(crypto.createCipheriv).not.toBe(taken.cipher);
});
