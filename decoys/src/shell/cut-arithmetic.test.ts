// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell's.
import { expect, it } from 'vitest';
import { cutArithmetic } from './cut-arithmetic.ts';

// Each as bash 5.2 said it.
it.each([
  ['echo $((1+$))', '1+$: syntax error: operand expected (error token is "$")'],
  ['echo $((1+$+2))', '1+$+2: syntax error: operand expected (error token is "$+2")'],
  ['echo $[1+$]', '1+$: syntax error: operand expected (error token is "$")'],
  ["echo $((m$'", "unexpected EOF while looking for matching `''"],
  ['echo }${a[', "unexpected EOF while looking for matching `}'"],
  ['echo $((1+$', "unexpected EOF while looking for matching `)'"],
])('a sum that is cut is told as bash tells it: %s', (text, told) => expect(cutArithmetic(text)).toBe(told));

it.each([':', '$', '((', '$((', '((1+$', '"', "\\'", '${'])('a long line of %s is told at once', (sign) => {
  const before = process.threadCpuUsage();
  cutArithmetic(sign.repeat(100_000));
  expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(500);
});
