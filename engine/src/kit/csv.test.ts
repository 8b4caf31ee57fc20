import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRecord } from './csv.ts';

describe('a record of CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '|calc', '%0a=1'])(
    'a cell that a spreadsheet would run (%j) is text',
    (cell) => {
      expect(csvRecord([cell])).toBe(`"'${cell}"\r\n`);
    },
  );

  it('holds any text in its own cell', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (cells) => {
        const read = readRecord(csvRecord(cells));
        expect(read.map((cell, at) => (cell === `'${cells[at]}` ? cells[at] : cell))).toEqual(cells);
      }),
    );
  });

  it('writes what is not text as people read it', () => {
    expect(csvRecord([null, 0.5, true, ['a', 'b'], { a: 1 }])).toBe('"","0.5","true","a b","{""a"":1}"\r\n');
  });
});

function readRecord(record: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at < record.length - 2; ) {
    let cell = '';
    for (at++; record.charAt(at) !== '"' || record.charAt(at + 1) === '"'; at++) {
      if (record.charAt(at) === '"') at++;
      cell += record.charAt(at);
    }
    cells.push(cell);
    at += 2;
  }
  return cells;
}
