import { expect, it } from 'vitest';
import { cutBySpans } from './spans.ts';

it('a text is cut where the words stand that gave techniques away, overlapping ones too, and nothing of it is lost', () => {
  const pieces = cutBySpans('wget http://x; chmod +x x', [
    { id: 'T1105', span: { start: 0, end: 13 } },
    { id: 'T1071', span: { start: 5, end: 13 } },
    { id: 'T1222', span: { start: 15, end: 900 } },
    { id: 'T1059' },
  ]);
  expect(pieces.map(({ text, ids }) => [text, ids])).toEqual([
    ['wget ', ['T1105']],
    ['http://x', ['T1105', 'T1071']],
    ['; ', []],
    ['chmod +x x', ['T1222']],
  ]);
  expect(cutBySpans('', [])).toEqual([]);
});
