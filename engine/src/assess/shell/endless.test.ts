// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell's.
import { expect, it } from 'vitest';
import { isEndless } from './endless.ts';
import { readShell } from './read-shell.ts';

const endless = [
  '$((1+$))',
  '((m$))',
  '$[m$]',
  'for ((m$;;)); do :; done',
  '${a:$}',
  '${a:m$',
  '$((m$`id`))',
  'echo }${[',
  '}${a[1}',
  '}${a[[}]',
  '}${a[x}${b[]',
];

it.each(endless)('is read word by word, because the parser would never end: %s', (text) => {
  expect(isEndless(text)).toBe(true);
  const { parsed, statements } = readShell(`wget http://192.0.2.1/x; ${text}`);
  expect({ parsed, first: statements[0]?.name }).toEqual({ parsed: false, first: 'wget' });
});

it.each(['echo $((a+1)) ${b[0]} ${c:1:2}', 'for ((i=0;i<$n;i++)); do echo ${a[$i]}; done', "[ -e f ]; grep 'x$' f"])(
  'leaves to the parser what ends: %s',
  (text) => expect(readShell(text).parsed).toBe(true),
);
