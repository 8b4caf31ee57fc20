import { expect, it } from 'vitest';
import { compareSaid } from './fidelity-compare.ts';

const said = (stdout: string, { stderr = '', status = 0 } = {}) => ({ stdout, stderr, status });

it.each([
  { why: 'the same bytes', line: 'echo a', real: 'a\n', ours: 'a\n', verdict: 'equal' },
  { why: 'another word', line: 'echo a', real: 'a\n', ours: 'b\n', verdict: 'different' },
  { why: 'another number', line: 'wc -c x', real: '12 x\n', ours: '7 x\n', verdict: 'plausible' },
  { why: 'the own name of each machine', line: 'echo $HOSTNAME', real: 'real\n', ours: 'fake\n', verdict: 'plausible' },
  {
    why: 'a line more, of a machine',
    line: 'ls -l /',
    real: 'drwx 2 a\n-rw 3 b\n',
    ours: 'drwx 2 a\n',
    verdict: 'same form',
  },
  {
    why: 'a line more, of any other program',
    line: 'tac f',
    real: 'a 2 a\nb 3 b\n',
    ours: 'a 2 a\n',
    verdict: 'different',
  },
  {
    why: 'a form that the real machine does not show',
    line: 'ls',
    real: 'a b c\n',
    ours: '1 b c\n',
    verdict: 'different',
  },
  {
    why: 'less than half of the forms',
    line: 'ps',
    real: 'a b c\n1 b c\n1 2 c\n',
    ours: 'a b c\n',
    verdict: 'different',
  },
])('$why: $verdict', ({ line, real, ours, verdict }) => {
  expect(compareSaid(line, said(real), said(ours), ['real', 'fake'])).toBe(verdict);
});

it('another status is a difference, whatever was said', () => {
  expect(compareSaid('ls', said('a\n'), said('a\n', { status: 1 }), [])).toBe('different');
});

it('other words of a fault are a difference, also where facts are asked for', () => {
  const real = said('', { stderr: 'ls: cannot access x\n', status: 2 });
  expect(compareSaid('ls x', real, said('', { stderr: 'ls: no x\n', status: 2 }), [])).toBe('different');
});

it("of a program's bytes the head counts: for which machine it is", () => {
  const elf = (machine: string, rest: string) => said(`\x7fELF${'\x01'.repeat(14)}${machine}\0${rest}`);
  expect(compareSaid('cat /bin/ls', elf('\x3e', 'abc'), elf('\x3e', 'xyz'), [])).toBe('same form');
  expect(compareSaid('cat /bin/ls', elf('\x3e', 'abc'), elf('\x28', 'abc'), [])).toBe('different');
});
