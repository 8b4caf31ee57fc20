import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringArtifact, honeypotFolder } from './bring-artifact.ts';

const payload = 'a payload';
const secret = 'a secret of this machine';
let above: string;
let folder: string;

beforeAll(async () => {
  above = await mkdtemp(join(tmpdir(), 'cerberus-artifacts-'));
  folder = join(above, 'cowrie');
  const downloads = join(folder, 'var/lib/cowrie/downloads');
  await mkdir(downloads, { recursive: true });
  await writeFile(join(downloads, hashOf(payload)), payload);
  await writeFile(join(above, 'secret'), secret);
  await symlink(join(above, 'secret'), join(downloads, hashOf(secret)));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
});
afterAll(async () => await rm(above, { recursive: true }));

describe('a file that a honeypot tells of', () => {
  it.each([
    ['relative to its folder', `var/lib/cowrie/downloads/${hashOf(payload)}`],
    ['by its name alone, as scp does', hashOf(payload)],
    ['as a container sees it', `/cowrie/cowrie-git/var/lib/cowrie/downloads/${hashOf(payload)}`],
    ['with no path', ''],
  ])('is brought in where it is told %s', async (_how, path) => {
    const brought = await bring(path, payload);
    expect(brought).toMatchObject({ kind: 'ok', value: { form: 'file', sha256: hashOf(payload) } });
  });

  it.each([
    ['a path out of the folder', '../secret', 'missing'],
    ['an absolute path', () => join(above, 'secret'), 'missing'],
    ['a link out of the folder', `var/lib/cowrie/downloads/${hashOf(secret)}`, 'missing'],
    ['a folder', 'var', 'missing'],
    ['a pipe that nobody writes to', 'pipe', 'missing'],
    ['U+0000', 'a\0b', 'missing'],
  ])('is not brought in by %s', async (_how, path, state) => {
    const outcome = await bring(typeof path === 'string' ? path : path(), secret);
    expect(outcome).toMatchObject({ kind: 'refused', reason: { state } });
  });

  it('is refused where it has another hash, and where it is larger than what is kept', async () => {
    const path = `var/lib/cowrie/downloads/${hashOf(payload)}`;
    expect(await bring(path, 'something else')).toMatchObject({ kind: 'refused', reason: { state: 'refused' } });
    expect(await bring(path, payload, payload.length - 1)).toMatchObject({ reason: { state: 'too_large' } });
    expect(await bring(path, payload, payload.length)).toMatchObject({ kind: 'ok' });
  });
});

it.each([
  ['/srv/cowrie/var/log/cowrie/cowrie.json', '/srv/cowrie'],
  ['/srv/cowrie/var/log/cowrie/cowrie.json.2026-11-21', '/srv/cowrie'],
  ['/state/decoys/decoy/log/cowrie.json', '/state/decoys/decoy'],
  ['/tmp/cowrie.json', undefined],
])('of the log %s the folder is %s', (logPath, expected) => {
  expect(honeypotFolder(logPath)).toBe(expected);
});

function bring(path: string, content: string, bytesMax = 1000) {
  return bringArtifact(
    {
      ...{ eventId: randomUUID(), kind: 'download', namedSha256: hashOf(content), path },
      ...{ logPath: join(folder, 'var/log/cowrie/cowrie.json'), seenAt: new Date(), attempts: 1 },
    },
    { folder, bytesMax },
  );
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
