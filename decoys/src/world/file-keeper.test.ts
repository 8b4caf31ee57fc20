import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createFileKeeper } from './file-keeper.ts';
import { shareBytes, type WorldChange } from './node.ts';

const folder = mkdtempSync(join(tmpdir(), 'cerberus-worlds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a world comes back as it was kept: large files and small, links, and what is gone', async () => {
  const entry = { mode: 0o644, uid: 0, gid: 0, mtimeMs: 5 };
  const file = (path: string, bytes: Uint8Array): WorldChange => [path, { kind: 'file', ...entry, bytes }];
  const changes = [
    file('/one', shareBytes(Buffer.alloc(300_000, 'a'))),
    file('/small', Buffer.from('b')),
    ['/gone', null],
    file('/two', Buffer.alloc(70_000, 'c')),
    ['/link', { kind: 'link', ...entry, target: '/one' }],
  ] satisfies WorldChange[];
  const keeper = createFileKeeper({ folder, now: Date.now, keptMs: 1000 });
  const names = { address: '192.0.2.1', keys: [] };
  expect(await keeper.keep({ world: '192.0.2.1', names, changes, all: () => changes })).toBe(true);
  const kept = await keeper.find({ ...names, secret: null });
  expect(kept?.changes.map(plain)).toEqual(changes.map(plain));
});

/** Bytes are compared as text: whose memory they are in is nobody's matter. */
function plain([path, node]: WorldChange): unknown {
  return [path, node?.kind === 'file' ? { ...node, bytes: Buffer.from(node.bytes).toString('latin1') } : node];
}
