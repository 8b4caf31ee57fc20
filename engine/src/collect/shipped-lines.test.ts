import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inflateShipped, openShipment } from './shipped-lines.ts';

const receivedEpochMs = Date.UTC(2026, 10, 22);
const stream = Buffer.from(Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join(''));

it('stores each line of a stream once, however its bodies overlap, repeat and break off', () => {
  const body = fc.record({ start: fc.nat(stream.length), bytes: fc.nat(200), batches: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(body, { maxLength: 30 }), (bodies) => {
      let position: unknown;
      const stored: string[] = [];
      send(0, 0, 9);
      for (const { start, bytes, batches } of bodies) send(lineStart(start), bytes, batches);
      for (let turn = 0; turn < 5; turn++) send(0, stream.length, 9);
      expect(stored.join('')).toBe(stream.toString());

      function send(start: number, bytes: number, batchesStored: number): void {
        const part = stream.subarray(start, lineStart(start + bytes));
        const opened = openShipment(
          { sensor: 's', spool: 'a', start, lostFrom: undefined, body: part, receivedEpochMs },
          position,
        );
        position ??= { spool: 'a', durable: 0, lost: 0 };
        if (opened.kind === 'gap') return;
        let left = batchesStored;
        for (const batch of opened.batches) {
          // The rest was not stored: the hub was killed.
          if (left-- === 0) return;
          position = batch.position;
          stored.push(...batch.lines.map(({ text }) => `${text}\n`));
        }
      }
    }),
  );
});

it('asks for what lies between, unless the sensor says that it is lost; then it is counted', () => {
  const known = { spool: 'a', durable: 100, lost: 7 };
  const late = { sensor: 's', spool: 'a', start: 150, body: Buffer.from('x\n'), receivedEpochMs };
  expect(openShipment({ ...late, lostFrom: undefined }, known)).toEqual({ kind: 'gap', durable: 100 });
  expect(openShipment({ ...late, lostFrom: 90 }, known)).toEqual({ kind: 'gap', durable: 100 });
  const opened = openShipment({ ...late, lostFrom: 100 }, known);
  expect(opened.kind === 'open' && [...opened.batches]).toMatchObject([
    { position: { spool: 'a', durable: 152, lost: 57 }, readBytes: 2, lines: [{ text: 'x', sensor: 's' }] },
  ]);
});

it('every line belongs to the sensor, and a body that inflates without end is refused', async () => {
  const opened = openShipment(
    { sensor: 'mine', spool: 'a', start: 9, lostFrom: undefined, body: stream, receivedEpochMs },
    {},
  );
  const lines = opened.kind === 'open' ? [...opened.batches].flatMap((batch) => batch.lines) : [];
  expect(lines).toHaveLength(40);
  expect(new Set(lines.map(({ sensor }) => sensor))).toEqual(new Set(['mine']));
  const bomb = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024));
  await expect(inflateShipped(bomb, 'zstd')).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
  await expect(inflateShipped(Buffer.from('no'), 'zstd')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
});

function lineStart(at: number): number {
  return at >= stream.length ? stream.length : stream.lastIndexOf('\n', at - 1) + 1;
}
