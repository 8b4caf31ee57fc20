import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPieceWriter, DamagedPieces, type Piece, readHead, readPieces } from './sealed-pieces.ts';

const key = randomBytes(32);
const head = Buffer.from('{"made":"today"}');
const written: readonly Piece[] = [
  { name: 'table/a', bytes: Buffer.from('1\tone\n') },
  { name: 'table/a', bytes: Buffer.alloc(0) },
  { name: 'file/ü', bytes: randomBytes(3000) },
];
let folder: string;
let whole: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cerberus-pieces-'));
  const file = await open(join(folder, 'whole'), 'w');
  const pieces = createPieceWriter(file, key, head);
  await pieces.begin();
  for (const piece of written) await pieces.write(piece);
  await file.close();
  whole = await readFile(join(folder, 'whole'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

it('gives back what was written, in order', async () => {
  expect(await read(whole)).toEqual(written);
});

it('tells every altered byte, wherever it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const altered = Buffer.from(whole);
      altered[at] = (altered[at] ?? 0) ^ change;
      await expect(read(altered)).rejects.toThrow(DamagedPieces);
    }),
    { numRuns: 200 },
  );
});

it('tells another key, a piece that was moved and one that was left out', async () => {
  await expect(read(whole, randomBytes(32))).rejects.toThrow(DamagedPieces);
  const [first = Buffer.alloc(0), second = Buffer.alloc(0), third = Buffer.alloc(0)] = frames();
  const start = whole.subarray(0, whole.length - first.length - second.length - third.length);
  await expect(read(Buffer.concat([start, second, first, third]))).rejects.toThrow(DamagedPieces);
  await expect(read(Buffer.concat([start, first, third]))).rejects.toThrow(DamagedPieces);
});

it('holds no more than a piece of what a hostile length asks for', async () => {
  const hostile = Buffer.concat([whole, Buffer.from([0xff, 0xff, 0xff, 0xff])]);
  await expect(read(hostile)).rejects.toThrow(/cut off or altered/);
});

function frames(): Buffer[] {
  const found: Buffer[] = [];
  for (let at = whole.indexOf('\n') + 1 + 4 + head.length; at < whole.length; ) {
    const length = 4 + whole.readUInt32BE(at);
    found.push(whole.subarray(at, at + length));
    at += length;
  }
  return found;
}

async function read(bytes: Buffer, openedWith: Uint8Array = key): Promise<Piece[]> {
  await writeFile(join(folder, 'read'), bytes);
  const file = await open(join(folder, 'read'));
  try {
    const found: Piece[] = [];
    for await (const piece of readPieces(file, openedWith, await readHead(file))) found.push(piece);
    return found;
  } finally {
    await file.close();
  }
}
