import { expect, it } from 'vitest';
import { isUnfinished } from './statements.ts';

it.each([
  'if true; then',
  'while true; do',
  'until false; do',
  'if true; then\necho a\nelse',
  'if true; then\n# why',
  'for i in 1 2; do',
  'f() {',
  'case a in',
])('a person who types %j is asked for more', (line) => expect(isUnfinished(line)).toBe(true));

it.each(['if true; then fi', 'while :; do done', 'echo a; fi', 'for i in 1; do echo a; done', 'echo )'])(
  'whoever types %j is not: it is whole, or no shell',
  (line) => expect(isUnfinished(line)).toBe(false),
);
