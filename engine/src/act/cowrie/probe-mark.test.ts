import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createProbeMark, isProbeMark } from './probe-mark.ts';

const key = randomBytes(32);

describe('the mark of a probe', () => {
  it('is known by its key, as Cowrie logs it, and is another one every time', () => {
    const versions = Array.from({ length: 50 }, () => `SSH-2.0-${createProbeMark(key)}`);
    expect(versions.every((version) => isProbeMark(key, version))).toBe(true);
    expect(new Set(versions).size).toBe(50);
  });

  it('is not known by another key', () => {
    expect(isProbeMark(randomBytes(32), `SSH-2.0-${createProbeMark(key)}`)).toBe(false);
  });

  it('cannot be made by whoever has no key', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
    fc.assert(fc.property(hex, (token) => !isProbeMark(key, `SSH-2.0-OpenSSH_9.6p1 Debian-${token}`)));
    fc.assert(fc.property(fc.string(), (version) => !isProbeMark(key, version)));
  });

  it('is not known with anything before or behind it', () => {
    const mark = createProbeMark(key);
    expect(isProbeMark(key, `SSH-2.0-${mark} `)).toBe(false);
    expect(isProbeMark(key, `SSH-2.0-${mark}\n`)).toBe(false);
    expect(isProbeMark(key, `xSSH-2.0-${mark}`)).toBe(false);
  });
});
