import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cowriePlace, isOpenToOthers, sentenceForMissing, systemParts } from './test-parts.mjs';

let checkout: string;
beforeEach(() => {
  checkout = join(mkdtempSync(join(tmpdir(), 'cerberus-parts-')), 'checkout');
  chmodSync(join(checkout, '..'), 0o755);
  mkdirSync(checkout);
  // By chmod, because a strict umask holds for mkdir's mode too.
  chmodSync(checkout, 0o755);
});
afterEach(() => rmSync(join(checkout, '..'), { recursive: true, force: true }));

it('one sentence names everything that is missing and the command that brings it', () => {
  const sentence = sentenceForMissing(systemParts);
  expect(sentence.split('\n')).toHaveLength(1);
  for (const { name, packages } of systemParts) {
    expect(sentence).toContain(name);
    for (const each of packages) expect(sentence).toContain(` ${each}`);
  }
});

it("root's tests run Cowrie as an ordinary user, so a checkout that he cannot enter does not hold it", () => {
  expect(cowriePlace(checkout, true)).toBe(join(checkout, '.test-parts', 'cowrie'));
  chmodSync(join(checkout, '..'), 0o700);
  expect(isOpenToOthers(checkout)).toBe(false);
  expect(cowriePlace(checkout, true)).toMatch(/^\/var\/cache\/cerberusmesh\/\w+\/cowrie$/);
  expect(cowriePlace(checkout, false)).toBe(join(checkout, '.test-parts', 'cowrie'));
});
