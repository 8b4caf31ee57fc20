import type { RawLine } from '@cerberusmesh/contract/raw-line';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinCutLine } from './cut-line.ts';
import { cutLine, decodeLine, nulRun } from './raw-lines.ts';
import { aLine } from './support/tail-rig.ts';

const lineBytesMax = 10_000;

describe('a half line and the first line of the next file', () => {
  it('cut anywhere, also inside a character, are the line again', () => {
    const line = Buffer.from(aLine(1, { input: 'echo "{}" > /tmp/é😀' }).trimEnd());
    fc.assert(
      fc.property(fc.integer({ min: 1, max: line.length - 1 }), (at) => {
        const joined = joinCutLine(lineOf(line.subarray(0, at)), lineOf(line.subarray(at)), lineBytesMax);
        expect(joined).toEqual([{ text: line.toString(), coveredBytes: line.length }]);
      }),
    );
  });

  it.each<{ description: string; half: RawLine; first: RawLine; lines: RawLine[] }>([
    {
      description: 'a whole first line leaves the half cut',
      half: lineOf('{"a":'),
      first: lineOf('{"b":1}'),
      lines: [cutLine(lineOf('{"a":')), lineOf('{"b":1}')],
    },
    {
      description: 'a half that is whole lacked only its newline',
      half: lineOf('{"a":1}'),
      first: lineOf('{"b":1}'),
      lines: [lineOf('{"a":1}'), lineOf('{"b":1}')],
    },
    {
      description: 'blank bytes are covered by the first line',
      half: { text: '', coveredBytes: 3 },
      first: lineOf('{"b":1}'),
      lines: [{ text: '{"b":1}', coveredBytes: 10 }],
    },
    {
      description: 'two that are not whole together stay two',
      half: lineOf('{"a":'),
      first: lineOf('nonsense'),
      lines: [cutLine(lineOf('{"a":')), lineOf('nonsense')],
    },
    {
      description: 'a hole in the file joins nothing',
      half: lineOf('{"a":'),
      first: nulRun(9, 9, 9),
      lines: [cutLine(lineOf('{"a":')), nulRun(9, 9, 9)],
    },
    {
      description: 'a line that would be over the bound is not made',
      half: lineOf(`{"a":"${'x'.repeat(6000)}`),
      first: lineOf(`${'x'.repeat(6000)}"}`),
      lines: [cutLine(lineOf(`{"a":"${'x'.repeat(6000)}`)), lineOf(`${'x'.repeat(6000)}"}`)],
    },
  ])('$description', ({ half, first, lines }) => {
    expect(joinCutLine(half, first, lineBytesMax)).toEqual(lines);
  });
});

function lineOf(bytes: string | Buffer): RawLine {
  const whole = Buffer.from(bytes);
  return decodeLine(whole, whole.length);
}
