import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeStateDir } from './state-dir.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cerberus-state-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('the state folder is made for its owner only', () => {
  makeStateDir(join(root, 'a', 'b'));
  expect(statSync(join(root, 'a', 'b')).mode & 0o777).toBe(0o700);
});

it('one that is there keeps its mode: root lets the database’s own user pass through it', () => {
  chmodSync(root, 0o711);
  makeStateDir(root);
  expect(statSync(root).mode & 0o777).toBe(0o711);
});

it('where it cannot be made, one sentence names the path, the need and the variable', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeStateDir(join(root, 'file', 'state'))).toThrow(
    /file\/state must be a folder that this user can write .* set CERBERUS_DATA_DIR/,
  );
});
