import { describe, expect, it } from 'vitest';
import { PythonSumFault, reckon, showNumber } from './python-numbers.ts';

/** As Python 3.11 answered. */
describe('a sum is reckoned as Python does', () => {
  it.each([
    ['2**70', '1180591620717411303424'],
    ['10**20 + 1', '100000000000000000001'],
    ['-2**2', '-4'],
    ['(-2)**3', '-8'],
    ['2**-1', '0.5'],
    ['2**3**2', '512'],
    ['7//2', '3'],
    ['-7//2', '-4'],
    ['-7%3', '2'],
    ['7%-3', '-2'],
    ['7.5%2', '1.5'],
    ['16/2', '8.0'],
    ['1/3', '0.3333333333333333'],
    ['2**0.5', '1.4142135623730951'],
    ['1.5*2', '3.0'],
    ['10.0**16', '1e+16'],
    ['1/100000', '1e-05'],
  ])('%s is %s', (text, answer) => {
    const value = reckon(text);
    expect(value === undefined ? undefined : showNumber(value)).toBe(answer);
  });

  it.each([
    ['1/0', 'division by zero'],
    ['1//0', 'integer division or modulo by zero'],
    ['1.0/0', 'float division by zero'],
    ['1.0%0', 'float modulo'],
  ])('%s says %s', (text, words) => {
    expect(() => reckon(text)).toThrow(new PythonSumFault(`ZeroDivisionError: ${words}`));
  });
});

it.each(['', '1+', '(1', '1 2', '9**9**9', '2**100000', `${'9'.repeat(100)}**2000`])('%s is no sum', (text) => {
  expect(reckon(text)).toBeUndefined();
});
