import { expect, it } from 'vitest';
import { recallLine } from './recall-line.ts';

const history = ['cat /etc/passwd', 'ls -la /tmp'];

it.each([
  { typed: '!!', line: 'ls -la /tmp' },
  { typed: 'sudo !!', line: 'sudo ls -la /tmp' },
  { typed: 'cd !$', line: 'cd /tmp' },
  { typed: '!1', line: 'cat /etc/passwd' },
  { typed: '!-2', line: 'cat /etc/passwd' },
  { typed: '!cat', line: 'cat /etc/passwd' },
])('$typed is $line', ({ typed, line }) => expect(recallLine(typed, history)).toEqual({ line }));

it.each(['echo hi!', "echo '!!'", 'echo a != b', '[ ! -e x ]'])('%s is left as it is', (typed) =>
  expect(recallLine(typed, history)).toBeUndefined(),
);

it('what nobody typed is named as missing', () => expect(recallLine('!nano', history)).toEqual({ missing: '!nano' }));
