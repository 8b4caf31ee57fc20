import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ssh } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';

let test: TestDecoy;
beforeAll(async () => {
  test = await startTestDecoy();
});
afterAll(() => test.close());

async function python(program: string) {
  return await ssh(test.port, `python3 - one <<'EOF'\n${program}\nEOF`);
}

/** Each of these was answered so by Python 3.11. */
it('sums are those of Python: whole numbers without end, the lower side, a point only where there is one', async () => {
  const sums = ['2**70', '-2**2', '2**-1', '2**3**2', '-7//2', '-7%3', '7%-3', '7.5%2', '16/2', '10.0**16', '1/100000'];
  const said = await python(sums.map((sum) => `print(${sum})`).join('\n'));
  expect(said.stdout.split('\n').slice(0, -1)).toEqual(
    '1180591620717411303424 -4 0.5 512 -4 2 -2 1.5 8.0 1e+16 1e-05'.split(' '),
  );
});

it('functions, classes, comprehensions and exceptions go on as they do there', async () => {
  const { stdout } = await python(`
import sys
def outer(n, *rest, step=2, **named):
    count = 0
    def inner():
        nonlocal count
        count += step
        return count
    return [inner() for _ in range(n)], rest, named
print(outer(2, 'a', step=3, k=1))
class Base:
    def who(self): return type(self).__name__
class Bot(Base):
    def __repr__(self): return f'<{self.who()}>'
print(Bot(), {x: y for x, y in zip('ab', (1, 2))}, sorted({3, 1}, reverse=True), sys.argv)
try:
    [][0]
except (KeyError, IndexError) as e:
    print('caught', e)
else:
    print('never')
finally:
    print('%-4s|%04x|{:>5.1f}'.format(2.25) % ('x', 255))
first, *others = 'a b c'.split()
print(first, others, 'b' in others, others[::-1], [i for i in range(9) if i % 3 == 0 and i])
`);
  expect(stdout).toBe(`([3, 6], ('a',), {'k': 1})
<Bot> {'a': 1, 'b': 2} [3, 1] ['-', 'one']
caught list index out of range
x   |00ff|  2.2
a ['b', 'c'] True ['c', 'b'] [3, 6]
`);
});

it('files, commands and the network are those of the visitor and his world', async () => {
  const { stdout, stderr, status } = await python(`
import os, socket, subprocess, urllib.request
open('/tmp/kept', 'w').write('left\\n')
print(subprocess.check_output(['cat', '/tmp/kept']), os.popen('id -u').read().strip(), os.path.getsize('/tmp/kept'))
try:
    urllib.request.urlopen('http://203.0.113.9/x')
except OSError as e:
    print(e)
open('/etc/none')
`);
  expect(stdout).toBe("b'left\\n' 0 5\n<urlopen error [Errno 113] No route to host>\n");
  expect(stderr).toBe(
    'Traceback (most recent call last):\n  File "<stdin>", line 9, in <module>\nFileNotFoundError: [Errno 2] No such file or directory: \'/etc/none\'\n',
  );
  expect(status).toBe(1);
});

describe('a program that would never end, or never fit, ends soon and leaves the decoy as it was', () => {
  it.each([
    ['a loop', 'while True: pass'],
    ['a text that doubles', "x = 'a'\nwhile True: x += x"],
    ['a list that doubles', 'x = [1]\nwhile True: x = x + x'],
    ['a number that grows', 'x = 9\nwhile True: x = x ** x'],
    ['a function that calls itself', 'def f(): f()\nf()'],
    ['brackets without end', `print(${'('.repeat(5_000)}1${')'.repeat(5_000)})`],
    ['an evil pattern', "import re\nre.match('(a+)+$', 'a' * 40 + '!')"],
    ['a range without end', 'print(len([i for i in range(10**12)]))'],
  ])('%s', async (_, program) => {
    const started = performance.now();
    const { status } = await python(program);
    expect(status).not.toBe(0);
    expect(performance.now() - started).toBeLessThan(8_000);
    expect((await ssh(test.port, 'echo still')).stdout).toBe('still\n');
  });
});

it('nothing of the language below is reached', async () => {
  const { stdout } = await python(`
names = ['__proto__', 'constructor', 'prototype', '__lookupGetter__', 'toString', 'valueOf']
for thing in ['', [], {}, set(), b'', 1, print, os if 'os' in globals() else len]:
    print([name for name in names if hasattr(thing, name)])
d = {}
d['__proto__'] = {'polluted': 1}
print(d, ''.join([]), getattr({}, 'polluted', 'clean'))
`);
  expect(stdout).toBe(`${'[]\n'.repeat(8)}{'__proto__': {'polluted': 1}} \x20clean\n`.replace(' \x20clean', '  clean'));
});
