import { expect, it } from 'vitest';
import { keysOf } from './editor-keys.ts';
import { createTextBuffer } from './text-buffer.ts';
import { createViKeys } from './vi-keys.ts';

function edited(text: string, typed: string) {
  const buffer = createTextBuffer(text, 10_000);
  const done = { written: undefined as string | undefined, isOver: false };
  const keys = createViKeys(buffer, {
    write() {
      done.written = buffer.text();
      buffer.saved();
      return 'written';
    },
    quit() {
      done.isOver = true;
    },
  });
  for (const key of keysOf(typed)) if (!done.isOver) keys.press(key);
  return { ...done, text: buffer.text(), status: keys.status() };
}

it.each([
  ['one\n', 'ihello \x1b:wq\r', 'hello one\n'],
  ['one\ntwo\nthree\n', 'jdd:x\r', 'one\nthree\n'],
  ['one\n', 'xx:wq\r', 'e\n'],
  ['one\ntwo\n', 'Gonew line\x1bZZ', 'one\ntwo\nnew line\n'],
  ['a b c\n', 'wdwA!\x1b:wq\r', 'a c!\n'],
  ['one\ntwo\n', 'yyjp:wq\r', 'one\ntwo\none\n'],
  ['x=1\nport=22\n', '/22\rcw2222\x1b:wq\r', 'x=1\nport=2222\n'],
  ['a a\na\n', ':%s/a/b/g\r:wq\r', 'b b\nb\n'],
  ['one\n', 'A\x7f\x7f\x7fthe\x1b[Dx\x1b:wq\r', 'thxe\n'],
])('%j with the keys %j is written as %j', (text, typed, written) => {
  expect(edited(text, typed)).toMatchObject({ written, isOver: true });
});

it('a changed text is not left by `:q`, and is left unwritten by `:q!`', () => {
  expect(edited('one\n', 'x:q\r').status).toMatch(/^E37: No write since last change/);
  expect(edited('one\n', 'x:q\r:q!\r')).toMatchObject({ written: undefined, isOver: true });
});

it('a text without end is not taken beyond its bound', () => {
  expect(edited('', `i${'y'.repeat(30_000)}`).text.length).toBeLessThanOrEqual(10_001);
});
