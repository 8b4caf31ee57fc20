import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replaceFile } from './hot-file.ts';

const disk = mkdtempSync(join(tmpdir(), 'cerberus-disk-'));
const isMounted =
  process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', disk]).status === 0;
const path = join(disk, 'honeyfs', 'credentials');

afterAll(() => {
  if (isMounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

describe.skipIf(!isMounted)('on a disk of 64 KB (skipped where none can be mounted: needs root)', () => {
  beforeAll(() => {
    mkdirSync(join(disk, 'honeyfs'));
    writeFileSync(path, 'what stood there');
  });

  it('that is full, the old bytes stay, nothing half-written is left, and why is a sentence', async () => {
    await expect(replaceFile(path, Buffer.alloc(100_000))).rejects.toThrow(
      `${path} could not be written: the disk is full (ENOSPC`,
    );
    expect(readdirSync(join(disk, 'honeyfs'))).toEqual(['credentials']);
    expect(readFileSync(path, 'utf8')).toBe('what stood there');
  });

  it('that is read-only, too', async () => {
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    await expect(replaceFile(path, Buffer.from('x'))).rejects.toThrow('the disk is mounted read-only (EROFS');
    expect(readFileSync(path, 'utf8')).toBe('what stood there');
  });
});
