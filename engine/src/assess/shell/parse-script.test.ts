// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell's.
import { Script } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { readShell } from './read-shell.ts';

it.each([
  '$((1+$))',
  '((m$))',
  '$[m$]',
  'for ((m$;;)); do :; done',
  '${a:$}',
  '${a[${b}]:$}',
  '${a[ 1]:$}',
  "$((m$'",
  'echo }${[',
  '}${a[[}]',
])('is read word by word where the parser comes to no end, and says so: %s', (text) => {
  const { parsed, partial, statements } = readShell(`wget http://192.0.2.1/x; ${text}`);
  expect({ parsed, partial, first: statements[0]?.name }).toEqual({ parsed: false, partial: true, first: 'wget' });
});

it('waits for the parser once, however many texts are nested on which it comes to no end', () => {
  const tried = vi.spyOn(Script.prototype, 'runInContext');
  const nested = Array.from({ length: 20 }, (_, n) => `sh -c 'echo $((${n}+$))'`).join('; ');
  expect(readShell(nested).partial).toBe(true);
  // What was typed, which ends, and the first of what it holds.
  expect(tried).toHaveBeenCalledTimes(2);
});

it.each(['echo $((a+1)) ${b[0]} ${c:1:2}', 'for ((i=0;i<$n;i++)); do echo ${a[$i]}; done', "[ -e f ]; grep 'x$' f"])(
  'leaves to the parser what ends: %s',
  (text) => expect(readShell(text)).toMatchObject({ parsed: true, partial: false }),
);
