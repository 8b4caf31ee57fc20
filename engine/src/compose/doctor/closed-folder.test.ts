import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { closedFolder } from './closed-folder.ts';

it('a path that is open, or not there, is behind no closed folder', async () => {
  expect(await closedFolder(import.meta.filename)).toBeUndefined();
  expect(await closedFolder('/nowhere/at/all')).toBeUndefined();
});

it.skipIf(process.getuid?.() === 0)('names the outermost closed folder (not as root, who may enter all)', async () => {
  const home = await mkdtemp(join(tmpdir(), 'cerberus-closed-'));
  await mkdir(join(home, 'cowrie/var/log'), { recursive: true });
  await chmod(home, 0o600);
  onTestFinished(async () => {
    await chmod(home, 0o700);
    await rm(home, { recursive: true });
  });
  expect(await closedFolder(join(home, 'cowrie/var/log/cowrie.json'))).toBe(home);
});
