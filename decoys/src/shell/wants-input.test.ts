import { describe, expect, it } from 'vitest';
import { wantsInput } from './wants-input.ts';

describe('a line that waits for what is typed', () => {
  it.each([
    'cat',
    'grep root',
    "awk '{print $1}'",
    "awk 'BEGIN{n=0} {n++} END{print n}'",
    "awk 'END{print NR}'",
    'tr a b',
    'base64 -d',
    'xargs -n1 echo',
    'while read line; do echo $line; done',
  ])('%s', (line) => {
    expect(wantsInput(line)).toBe(true);
  });
});

describe('a line that goes on by itself', () => {
  it.each([
    'cat /etc/passwd',
    'cat < /etc/passwd',
    'grep root /etc/passwd',
    "awk 'BEGIN{for(i=0;i<3;i++)print i}'",
    'awk -v n=3 \'BEGIN { print "}" n };\'',
    "awk '{print $1}' /etc/passwd",
    'echo a | tr a b',
    'ls -la',
  ])('%s', (line) => {
    expect(wantsInput(line)).toBe(false);
  });
});
