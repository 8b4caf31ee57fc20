import { expect, test } from 'vitest';
import { otherSpellings } from './option-spellings.ts';

const spell = (line: string) => {
  const [name = '', ...args] = line.split(' ');
  return otherSpellings({ name, args });
};

test('Options that are spelled out or typed one by one are also told as they are mostly typed', () => {
  expect(spell('rm --recursive --force /')).toEqual(['-r', '-f', '-rf']);
  expect(spell('rm -r -f /*')).toEqual(['-rf']);
  expect(spell('rm / -r --force')).toEqual(['-f', '-rf']);
  expect(spell('iptables --flush')).toEqual(['-F']);
  expect(spell('wget --output-document=/tmp/.x http://192.0.2.1/x')).toEqual(['-O', '/tmp/.x']);
});

test('The beginning of a long option is that option where only one begins so', () => {
  expect(spell('rm --recurs --for /')).toEqual(['-r', '-f', '-rf']);
  expect(spell('tar --e x.tar')).toEqual([]);
});

test('What is typed as usual, or is no option, has no other spelling', () => {
  for (const line of ['rm -rf /', 'rm -f x', 'rm -- --recursive', 'ls -l -a', 'rm --no-preserve-root /', 'rm'])
    expect(spell(line)).toEqual([]);
});
