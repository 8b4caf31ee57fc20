import crypto, { createSecretKey, type KeyObject } from 'node:crypto';

/**
 * ssh2 makes a cipher or two for each packet, out of a key in a buffer. Node 24 finds out that a buffer is no KeyObject by an error
 * that it throws and catches: 0.17 ms each, 0.013 ms with a KeyObject (24.21, 2 cores), which was more than a command cost otherwise. So what
 * ssh2 takes from `node:crypto` when it is loaded is given the KeyObject of a buffer. Import this before ssh2; where ssh2 was loaded
 * before, nothing changes.
 */
const known = new WeakMap<object, KeyObject>();

wrap('createCipheriv');
wrap('createDecipheriv');
wrap('createHmac');

function wrap(name: 'createCipheriv' | 'createDecipheriv' | 'createHmac'): void {
  // The three have the key second, and otherwise take what they are given.
  const make = crypto[name] as (algorithm: string, key: unknown, ...rest: unknown[]) => unknown;
  const made = (algorithm: string, key: unknown, ...rest: unknown[]) => make(algorithm, keyOf(key), ...rest);
  Object.defineProperty(crypto, name, { value: made, writable: true, configurable: true, enumerable: true });
}

/** A buffer whose bytes changed since would be another key: ssh2 writes into none. */
function keyOf(key: unknown): unknown {
  if (!Buffer.isBuffer(key)) return key;
  const secret = known.get(key) ?? createSecretKey(key);
  known.set(key, secret);
  return secret;
}
