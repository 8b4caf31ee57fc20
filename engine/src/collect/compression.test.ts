import { spawnSync } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compressionOf, uncompressed } from './compression.ts';
import { someLines } from './support/tail-rig.ts';

/** Made by bzip2 1.0.8: of `hello\n`; with -1 of 12,000,000 letters a, which are three blocks; of nothing. */
const hello = Buffer.from('QlpoOTFBWSZTWcHAgOIAAAFBAAAQAkSgADDNAMNGKZcXckU4UJDBwIDi', 'base64');
const manyAs = Buffer.from(
  'QlpoMTFBWSZTWbD5lL4ADQSBAKAAAAggACCkCDSoKjEqCo5igrJMprNh8yl8ABoJAgFAAAAQQABBSBBpUFRiVBUcxQVkmU1kyhBNKAA3MAQSgAAABAAggADDMCappqihNqUUJ4u5IpwoSEhItGaA',
  'base64',
);
const nothing = Buffer.from('QlpoORdyRThQkAAAAAA=', 'base64');
const hasBzip2 = spawnSync('bzip2', ['--help']).status === 0;

describe('bzip2', () => {
  it.each([
    { description: 'one stream', bytes: hello, text: 'hello\n' },
    {
      description: 'several streams, one of them empty',
      bytes: Buffer.concat([hello, nothing, hello]),
      text: 'hello\nhello\n',
    },
    { description: 'no content', bytes: nothing, text: '' },
    {
      description: 'other bytes after the last stream',
      bytes: Buffer.concat([hello, Buffer.alloc(600)]),
      text: 'hello\n',
    },
  ])('gives its content: $description', async ({ bytes, text }) => {
    expect(await contentOf(bytes)).toMatchObject({ text, fault: undefined });
  });

  it('long runs over several blocks come back whole, in chunks', async () => {
    const { text, chunks } = await contentOf(manyAs);
    expect(text === 'a'.repeat(12_000_000)).toBe(true);
    expect(chunks).toBeGreaterThan(40);
  });

  it.skipIf(!hasBzip2).each([
    { description: 'a log of four blocks', content: Buffer.from(someLines(0, 16_000)) },
    { description: 'noise, which it cannot make smaller', content: Buffer.from(noise(250_000)) },
    { description: 'every byte value, in runs of every length around four', content: runs() },
  ])('what the real bzip2 made is what it was made of: $description', async ({ content }) => {
    for (const level of ['-1', '-9']) {
      const bytes = spawnSync('bzip2', [level], { input: content, maxBuffer: 1e9 }).stdout;
      const found = await contentOf(bytes);
      expect(found.bytes.equals(content)).toBe(true);
    }
  });

  it.skipIf(!hasBzip2)('damage in a later block: the blocks before it are given, then it is said', async () => {
    const content = Buffer.from(someLines(0, 3000));
    const bytes = spawnSync('bzip2', ['-1'], { input: content }).stdout;
    bytes.fill(0x55, bytes.length - 3000, bytes.length - 2900);
    const found = await contentOf(bytes);
    expect(found.fault).toMatch(/bzip2/);
    expect(found.bytes.length).toBeGreaterThan(content.length / 2);
    expect(content.subarray(0, found.bytes.length).equals(found.bytes)).toBe(true);
  });

  it('a wrong checksum is damage, and so is an end in the middle', async () => {
    const wrong = Buffer.from(hello);
    wrong[10] = 0;
    expect((await contentOf(wrong)).fault).toContain('checksum');
    expect((await contentOf(hello.subarray(0, -6))).fault).toContain('ends in the middle');
  });

  it('no flipped bit gives other content unnoticed', async () => {
    for (let bit = 32; bit < hello.length * 8; bit++) {
      const flipped = Buffer.from(hello);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
      const { text, fault } = await contentOf(flipped);
      // Some bits mean nothing: an unused code table, the filling of the last byte.
      if (fault === undefined) expect(text).toBe('hello\n');
    }
  });
});

describe('gzip', () => {
  it('gives the content of all members', async () => {
    const bytes = Buffer.concat([gzipSync('one\n'), gzipSync(''), gzipSync('two\n')]);
    expect(await contentOf(bytes)).toMatchObject({ text: 'one\ntwo\n', fault: undefined });
  });

  it('a file that ends too early gives all that it holds, then it is said', async () => {
    const content = someLines(0, 5000);
    const whole = gzipSync(content);
    expect(await contentOf(whole.subarray(0, -8))).toMatchObject({ text: content, fault: 'unexpected end of file' });
  });

  it('damage in the middle gives what stands before it, then it is said', async () => {
    const content = Buffer.from(someLines(0, 5000));
    const bytes = gzipSync(content);
    const middle = Math.floor(bytes.length / 2);
    bytes.fill(0xff, middle, middle + 200);
    const found = await contentOf(bytes);
    expect(found.fault).toBeDefined();
    const sound = commonStart(found.bytes, content);
    expect(sound).toBeGreaterThan(content.length * 0.4);
  });

  it('a bomb does not fill the memory', async () => {
    const bytes = gzipSync(Buffer.alloc(300_000_000));
    const before = process.memoryUsage.rss();
    const found = await contentOf(bytes, () => {});
    expect(found.length).toBe(300_000_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
  });
});

it('a file is known by its first bytes and not by its name', async () => {
  expect(await contentOf(Buffer.from('{"plain":1}\n'))).toMatchObject({ text: '{"plain":1}\n' });
  expect(await contentOf(Buffer.from('BZ'))).toMatchObject({ text: 'BZ' });
});

interface Found {
  readonly bytes: Buffer;
  readonly text: string;
  readonly length: number;
  readonly chunks: number;
  readonly fault: string | undefined;
}

async function contentOf(bytes: Buffer, keep?: (chunk: Buffer) => void): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), 'cerberus-compression-'));
  const path = join(folder, 'a-name-that-says-nothing');
  await writeFile(path, bytes);
  const handle = await open(path);
  onTestFinished(async () => {
    await handle.close().catch(() => {});
    await rm(folder, { recursive: true, force: true });
  });
  const kept: Buffer[] = [];
  const take = keep ?? ((chunk: Buffer) => kept.push(Buffer.from(chunk)));
  let length = 0;
  let chunks = 0;
  let fault: string | undefined;
  try {
    for await (const chunk of uncompressed(handle, await compressionOf(handle))) {
      take(chunk);
      length += chunk.length;
      chunks++;
    }
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  }
  const all = Buffer.concat(kept);
  return { bytes: all, text: all.toString(), length, chunks, fault };
}

function commonStart(a: Buffer, b: Buffer): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state >>> 16;
  });
}

function runs(): Buffer {
  return Buffer.concat(
    Array.from({ length: 2560 }, (_, i) => Buffer.alloc(1 + (i % 7) + (i % 300 === 0 ? 600 : 0), i % 256)),
  );
}
