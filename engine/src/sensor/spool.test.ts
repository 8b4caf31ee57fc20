import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSpool } from './spool.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cerberus-spool-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const roomy = 100 * 1024 * 1024;

it('gives back every byte in order, with the position behind the last, whatever is appended, released and reopened when', () => {
  const step = fc.oneof(
    fc.record({ append: fc.uint8Array({ maxLength: 700_000 }) }),
    fc.record({ release: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.constant('reopen' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      rmSync(dir, { recursive: true });
      let spool = openSpool({ dir, bytesMax: roomy });
      let all = Buffer.alloc(0);
      for (const one of steps) {
        if (one === 'reopen') {
          const id = spool.id();
          spool.close();
          spool = openSpool({ dir, bytesMax: roomy });
          expect(spool.id()).toBe(id);
        } else if ('append' in one) {
          all = Buffer.concat([all, one.append]);
          expect(spool.append(Buffer.from(one.append), { at: all.length })).toBe(true);
        } else spool.release(Math.floor(one.release * all.length));
        expect(spool.end()).toBe(all.length);
        expect(readAll(spool).equals(all.subarray(spool.start()))).toBe(true);
        if (all.length > 0) expect(spool.position()).toEqual({ at: all.length });
      }
      spool.close();
    }),
    { numRuns: 40 },
  );
});

it('cuts off what a kill left of a frame, and goes on behind the last whole one', () => {
  const spool = openSpool({ dir, bytesMax: roomy });
  spool.append(Buffer.from('one\n'), 1);
  spool.close();
  appendFileSync(join(dir, '0000000000000000.spool'), '{"bytes":9,"position":2}\ntw');
  const again = openSpool({ dir, bytesMax: roomy });
  expect([again.position(), again.end()]).toEqual([1, 4]);
  again.append(Buffer.from('two\n'), 2);
  expect(readAll(again).toString()).toBe('one\ntwo\n');
  again.close();
});

it('takes nothing more when it is full, keeps the oldest, and takes more once that was released', () => {
  const spool = openSpool({ dir, bytesMax: 3 * 1024 * 1024 });
  const block = Buffer.alloc(700_000, 'a');
  let taken = 0;
  while (spool.append(block, taken)) taken++;
  expect(taken).toBe(4);
  expect([spool.start(), spool.end(), spool.position()]).toEqual([0, taken * block.length, taken - 1]);
  spool.release(2 * block.length);
  expect(spool.start()).toBe(2 * block.length);
  expect(spool.append(block, taken)).toBe(true);
  spool.close();
});

it('a line larger than the whole spool is taken where nothing else waits, so that it cannot block for ever', () => {
  const spool = openSpool({ dir, bytesMax: 1024 });
  expect(spool.append(Buffer.alloc(5000), 1)).toBe(true);
  spool.close();
});

it('knows the position when all that was read is released and gone', () => {
  const spool = openSpool({ dir, bytesMax: roomy });
  for (let at = 1; at <= 3; at++) spool.append(Buffer.alloc(1024 * 1024), at);
  spool.release(spool.end());
  spool.close();
  expect(readdirSync(dir).filter((name) => name.endsWith('.spool'))).toHaveLength(1);
  expect(openSpool({ dir, bytesMax: roomy }).position()).toBe(3);
});

function readAll(spool: ReturnType<typeof openSpool>): Buffer {
  const parts: Buffer[] = [];
  for (let at = spool.start(); at < spool.end(); ) {
    const part = spool.read(at, 300_000);
    expect(part.length).toBeGreaterThan(0);
    parts.push(part);
    at += part.length;
  }
  return Buffer.concat(parts);
}
