import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listLogFiles } from './rotated-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cerberus-rotated-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

it.each([
  {
    description: 'dates, as Cowrie rotates',
    names: ['cowrie.json', 'cowrie.json.2026-11-20', 'cowrie.json.2026-02-03', 'cowrie.json.2025-12-31'],
    ordered: ['cowrie.json.2025-12-31', 'cowrie.json.2026-02-03', 'cowrie.json.2026-11-20', 'cowrie.json'],
  },
  {
    description: 'numbers, as logrotate does, the highest being the oldest',
    names: ['cowrie.json', 'cowrie.json.1', 'cowrie.json.10.gz', 'cowrie.json.2.gz', 'cowrie.json.9.gz'],
    ordered: ['cowrie.json.10.gz', 'cowrie.json.9.gz', 'cowrie.json.2.gz', 'cowrie.json.1', 'cowrie.json'],
  },
  {
    description: "logrotate's dateext",
    names: ['cowrie.json', 'cowrie.json-20261121', 'cowrie.json-20261120.gz'],
    ordered: ['cowrie.json-20261120.gz', 'cowrie.json-20261121', 'cowrie.json'],
  },
  {
    description: 'a file that is just being compressed, which counts once and as the original',
    names: ['cowrie.json', 'cowrie.json.1', 'cowrie.json.1.gz'],
    ordered: ['cowrie.json.1', 'cowrie.json'],
  },
  {
    description: 'strangers, which are left out',
    names: ['cowrie.json', 'cowrie.json.bak', 'cowrie.json.1.swp', 'cowrie.log', 'cowrie.json5', 'cowrie.json.1.xz'],
    ordered: ['cowrie.json'],
  },
  {
    description: 'a rotation at work, the live file not there yet',
    names: ['cowrie.json.1'],
    ordered: ['cowrie.json.1'],
  },
])('files come oldest first: $description', async ({ names, ordered }) => {
  for (const name of names) await writeFile(join(folder, name), name);
  expect((await listLogFiles(join(folder, 'cowrie.json'))).map((file) => basename(file.path))).toEqual(ordered);
});

it('where dates and numbers are mixed, the time of writing decides', async () => {
  for (const [name, second] of [
    ['cowrie.json.1', 300],
    ['cowrie.json.2026-01-01', 100],
    ['cowrie.json.2', 200],
  ] as const) {
    await writeFile(join(folder, name), name);
    await utimes(join(folder, name), second, second);
  }
  const files = await listLogFiles(join(folder, 'cowrie.json'));
  expect(files.map((file) => file.rotation)).toEqual(['.2026-01-01', '.2', '.1']);
});

it('beside a symbolic link and beside its target', async () => {
  await mkdir(join(folder, 'real'));
  await writeFile(join(folder, 'real', 'cowrie.json'), 'live');
  await writeFile(join(folder, 'real', 'cowrie.json.2026-11-20'), 'old');
  await symlink(join(folder, 'real', 'cowrie.json'), join(folder, 'log'));
  const files = await listLogFiles(join(folder, 'log'));
  expect(files.map((file) => file.rotation)).toEqual(['.2026-11-20', '']);
});

it('a folder that does not exist holds nothing', async () => {
  expect(await listLogFiles(join(folder, 'nowhere', 'cowrie.json'))).toEqual([]);
});
